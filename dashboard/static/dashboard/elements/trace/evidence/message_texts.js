import { gettext, interpolate, labelled } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { errorText } from "../../shared/error_text.js";
import { endOf } from "../../../model/trace/messages/message.js";

/**
 * @typedef {import("../../../model/trace/messages/message.js").Message} Message
 * @typedef {import("../../../model/trace/messages/message.js").End} End
 */

/**
 * The ends of messages in the reader's language.
 * @returns {Record<End, string>}
 */
export function endNames() {
  return {
    arrived: gettext("arrived"),
    refused: gettext("refused"),
    reset: gettext("reset"),
    lost: gettext("lost"),
    "given-up": gettext("given up"),
    unknown: gettext("not on record"),
    "under-way": gettext("under way"),
  };
}

/**
 * What is said of a message, the longest first: a path's last part says what is meant, too.
 * @param {Message} message
 * @returns {string[]}
 */
export function messageTexts(message) {
  const end = endOf(message);
  const short = message.label.split("/").at(-1) ?? message.label;
  const labels = [...new Set([message.label, short])];
  if (end === "arrived") return labels;
  const ended = end === "given-up" ? gettext("nobody waits") : endNames()[end];
  return [...labels.map((label) => labelled(label, ended)), ended];
}

/**
 * @param {number} ms after which the sender gave up
 * @returns {string[]} the longest first
 */
export function gaveUpTexts(ms) {
  const time = duration(ms);
  return [
    interpolate(gettext("gave up after %(time)s"), { time }),
    interpolate(gettext("gave up: %(time)s"), { time }),
    gettext("gave up"),
  ];
}

/**
 * A message as a screen reader says it.
 * @param {Message} message
 * @returns {string}
 */
export function spoken(message) {
  const end = endNames()[endOf(message)];
  return interpolate(gettext("%(label)s from %(from)s to %(to)s: %(outcome)s"), {
    label: message.label,
    from: message.from,
    to: message.to,
    outcome: message.errorKind ? `${end}, ${errorText(message.errorKind)}` : end,
  });
}

/**
 * @param {number} ms for which nothing happened
 * @returns {string[]} the longest first
 */
export function silenceTexts(ms) {
  const time = duration(ms);
  return [interpolate(gettext("%(time)s of silence"), { time }), time];
}
