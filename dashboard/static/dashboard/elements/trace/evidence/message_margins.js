import { build, button, svg } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { exactTime } from "../../../base/time.js";
import { serviceTitle } from "../../shared/service_title.js";
import { ENDS } from "../../../model/trace/messages/message.js";
import { faultTexts, toneOf } from "../waterfall/fault_name.js";
import { sample, silentSample } from "./message_drawing.js";
import { endNames } from "./message_texts.js";

/**
 * @typedef {import("../../../model/trace/messages/diagram.js").Diagram} Diagram
 * @typedef {import("../../../model/trace/messages/drawn_at.js").Drawn} Drawn
 * @typedef {import("../../../model/trace/messages/message.js").FaultWindow} FaultWindow
 * @typedef {import("../../../model/trace/messages/message.js").End} End
 */

const TIME_HEIGHT = 13;
/** Of more sides, one is chosen from a list. */
const MOST_BUTTONS = 8;
/** Faults of the answers alone. */
const ANSWERS = new Set(["response_lost"]);
/** @type {End[]} */
const OPEN = ["unknown", "under-way"];

/**
 * The times at which messages were sent, and both ends of each silence, at the left.
 * @param {Pick<Drawn, "folds" | "arrows" | "gaveUps" | "sent">} diagram
 * @param {number} zero
 * @returns {SVGElement[]}
 */
export function times(diagram, zero) {
  const moments = [
    ...diagram.folds.flatMap(({ top, bottom, from, to }) => [
      { y: (top + bottom) / 2 - 2, at: from },
      { y: (top + bottom) / 2 + TIME_HEIGHT - 2, at: to },
    ]),
    ...diagram.arrows.map(({ y1, sent }) => ({ y: y1 + 4, at: sent.sent })),
    ...diagram.gaveUps.map(({ y, of }) => ({ y: y + 4, at: diagram.sent[of]?.gaveUp ?? 0 })),
  ];
  /** @type {Map<string, number>} */
  const taken = new Map();
  return moments.flatMap(({ y, at }) => {
    const text = exactTime((at - zero) / 1e6);
    const covered = [...taken.values()].some((each) => Math.abs(each - y) < TIME_HEIGHT - 1);
    if (covered || taken.has(text)) return [];
    taken.set(text, y);
    return [svg("text", { class: "time-of", x: 46, y }, text)];
  });
}

/**
 * The faults of one place at one time as one.
 * @param {FaultWindow[]} windows
 * @returns {import("../../../model/trace/messages/diagram.js").Fault[]}
 */
export function merged(windows) {
  /** @type {Array<FaultWindow & {all: FaultWindow[]}>} */
  const found = [];
  for (const each of windows) {
    const same = found.find((one) =>
      one.target === each.target && ANSWERS.has(one.kind) === ANSWERS.has(each.kind) &&
      one.from <= each.to && each.from <= one.to
    );
    if (!same) found.push({ ...each, all: [each] });
    else {
      same.from = Math.min(same.from, each.from);
      same.to = Math.max(same.to, each.to);
      same.all.push(each);
    }
  }
  return found.map(({ target, kind, from, to, all }) => {
    const { whole, short } = faultTexts(target, all);
    const tone = all.some((each) => toneOf(each.kind) === "bad") ? "bad" : "warn";
    return {
      target,
      back: ANSWERS.has(kind),
      from,
      to,
      tone,
      texts: [whole, short],
    };
  });
}

/**
 * Buttons for the lanes that there is no room for.
 * @param {string[]} all
 * @param {Diagram} diagram
 * @param {(lane: string) => void} onChoose
 * @returns {HTMLElement[]}
 */
export function otherLanes(all, { lanes }, onChoose) {
  const others = all.filter((each) => !lanes.some(({ service }) => service === each));
  if (!others.length) return [];
  const label = gettext("Show as well:");
  const choices = others.length > MOST_BUTTONS
    ? [selector(others, label, onChoose)]
    : others.map((lane) => button(serviceTitle(lane), () => onChoose(lane)));
  return [build("p", { class: "row quiet others" }, label, ...choices)];
}

/**
 * @param {string[]} lanes more than there is room for
 * @param {string} label
 * @param {(lane: string) => void} onChoose
 * @returns {HTMLElement}
 */
function selector(lanes, label, onChoose) {
  const options = lanes.map((lane) => build("option", { value: lane }, serviceTitle(lane)));
  const chosen = /** @type {HTMLSelectElement} */ (build(
    "select",
    { "aria-label": label },
    build("option", { value: "" }, "–"),
    ...options,
  ));
  chosen.addEventListener("change", () => chosen.value && onChoose(chosen.value));
  return chosen;
}

/**
 * What the ends of messages mean. What no record shows, or not yet, is explained where there is
 * something of it.
 * @param {Set<End>} drawn
 * @param {boolean} silent whether a side without telemetry is drawn
 * @returns {HTMLElement[]}
 */
export function legendItems(drawn, silent) {
  const names = endNames();
  const listed = ENDS.filter((end) => !OPEN.includes(end) || drawn.has(end));
  return [
    ...listed.map((end) =>
      build("li", { class: `${end} ${drawn.has(end) ? "drawn" : ""}` }, sample(end), names[end])
    ),
    ...(silent
      ? [build("li", { class: "silent" }, silentSample(), gettext("no record here"))]
      : []),
  ];
}
