import { Diagram } from "../../../model/trace/messages/diagram.js";
import { endOf } from "../../../model/trace/messages/message.js";
import { sinceBase } from "../../../wire/revive.js";
import { merged } from "./message_margins.js";
import { gaveUpTexts, messageTexts, silenceTexts } from "./message_texts.js";

const BELOW = 12;

/**
 * Lays the messages out that are sent within a part of a trace's time.
 * @param {object} input lengths in pixels, of which `unit` are one of the drawing
 * @param {import("../../../model/trace/messages/message.js").Message[]} input.messages
 * @param {import("../../../model/trace/messages/message.js").FaultWindow[]} input.windows
 * @param {bigint} input.base
 * @param {string[]} input.lanes
 * @param {import("../../../model/trace/axis.js").Axis} input.axis
 * @param {number} input.width
 * @param {number} input.height
 * @param {number} input.unit
 * @param {(text: string) => number} input.measure
 * @returns {Diagram}
 */
export function diagramOf({ messages, windows, base, lanes, axis, unit, measure, ...size }) {
  const at = (/** @type {string | null} */ unixNano) =>
    unixNano === null ? null : sinceBase(unixNano, base);
  const within = (/** @type {number} */ from, /** @type {number} */ to) =>
    from <= axis.last && to >= axis.first;
  return new Diagram({
    lanes,
    messages: messages.flatMap((message) => {
      if (!lanes.includes(message.from) || !lanes.includes(message.to)) return [];
      const sent = at(message.sentUnixNano) ?? 0;
      const received = at(message.receivedUnixNano);
      const waited = ["refused", "reset"].includes(endOf(message))
        ? null
        : at(message.gaveUpUnixNano);
      if (!within(sent, received ?? sent)) return [];
      return [{
        message,
        sent,
        received,
        gaveUp: waited !== null && within(waited, waited) ? waited : null,
        texts: messageTexts(message),
        gaveUpTexts: waited === null ? [] : gaveUpTexts((waited - sent) / 1e6),
      }];
    }),
    faults: merged(windows.filter(({ from, to }) => within(from, to))),
    folds: axis.folded.map(({ from, to }) => ({
      from,
      to,
      texts: silenceTexts((to - from) / 1e6),
    })),
    first: axis.first,
    last: axis.last,
    width: size.width / unit,
    height: size.height / unit - BELOW,
    measure: (text) => measure(text) / unit,
  });
}
