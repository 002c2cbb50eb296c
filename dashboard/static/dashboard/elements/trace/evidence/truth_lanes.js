import { build, svg } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { placed } from "../../../model/label_rows.js";
import { endOf } from "../../../model/trace/messages/message.js";
import { intervals } from "../../../model/trace/truths.js";
import { messageTexts } from "./message_texts.js";

/**
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/label_rows.js").Wish} Wish
 * @typedef {import("../../../model/trace/truths.js").Moment & {at: number}} Moment
 * @typedef {import("../../../model/trace/truths.js").Interval} Interval
 * @typedef {import("../../../model/trace/messages/message.js").Message} Message
 * @typedef {{message: Message, sent: number, received: number | null}} Crossing
 *
 * @typedef {object} Plot
 * @property {Moment[]} moments
 * @property {Crossing[]} crossings messages between the two sides
 * @property {number} first
 * @property {number} last
 * @property {string[]} sides
 * @property {Axis} axis
 * @property {number} width in pixels
 * @property {(text: string) => number} measure
 */

const PADDING = 20;
const ARROW = 10;
const THINNEST = 3;
/** In rem: the rows above the caller's lane, its lane, what lies between, the callee's lane. */
const LINE = 1;
const ABOVE = 2;
const LANE = 1.875;
const BETWEEN = 3.25;
const TOPS = { caller: ABOVE * LINE + 0.25, callee: ABOVE * LINE + 0.25 + LANE + BETWEEN };
const BELOW = TOPS.callee + LANE + 0.125;

/** @type {Record<string, string>} */
const NAMES = {
  nothing: gettext("nothing"),
  accepted: gettext("accepted"),
  reserved: gettext("reserved"),
  rejected: gettext("rejected"),
  declined: gettext("declined"),
  released: gettext("released"),
  waits: gettext("waits"),
  answered: gettext("answered"),
  failed: gettext("failed"),
  done: gettext("done"),
  logged: gettext("logged"),
  "at work": gettext("at work"),
  "gave up": gettext("gave up"),
  "hands over": gettext("hands over"),
  "handed over": gettext("handed over"),
};

/**
 * A state's name in the reader's language.
 * @param {string} value
 * @param {string} code of its sentence
 * @returns {string}
 */
function nameOf(value, code) {
  if (value !== "unknown") return NAMES[value] ?? value.replaceAll("_", " ");
  return code.endsWith("hidden") ? gettext("cannot be known") : gettext("no order");
}

/**
 * Draws both sides' states over time, what went between them, and where they differ. A state that is
 * too short for its name has it outside.
 * @param {Plot} plot
 * @returns {Array<HTMLElement | SVGElement>}
 */
export function truthLanes(plot) {
  const { moments } = plot;
  const caller = moments.map(({ at, caller }) => ({ ...caller, at, value: caller.belief }));
  const callee = moments.map(({ at, callee }) => ({ ...callee, at, value: callee.fact }));
  const differing = intervals(
    moments.map((each) => ({ at: each.at, value: String(each.differ), text: "" })),
    plot.last,
  ).filter((each) => each.value === "true");
  const differs = gettext("differ from %(time)s on");
  return [
    ...differing.map((each) => placedBox(plot, each, "differ")),
    ...lane(plot, "caller", caller, [
      ...differing.map(({ from }) => ({
        text: interpolate(differs, { time: duration((from - plot.first) / 1e6) }),
        kind: "differs",
        at: from,
      })),
    ]),
    ...lane(plot, "callee", callee, []),
    arrows(plot),
    ...arrowLabels(plot),
  ];
}

/**
 * @param {Plot} plot
 * @param {"caller" | "callee"} side
 * @param {Array<{at: number, value: string, text: string, code: string}>} states
 * @param {Array<{text: string, kind: string, at: number}>} more labels outside of the lane
 * @returns {HTMLElement[]}
 */
function lane(plot, side, states, more) {
  const drawn = [];
  /** @type {Wish[]} */
  const outside = more.map((each) => wish(plot, each.text, each.kind, each.at));
  for (const each of intervals(states, plot.last)) {
    const code = states.find(({ at }) => at === each.from)?.code ?? "";
    const name = nameOf(each.value, code);
    const kind = each.value.replaceAll(" ", "-");
    const box = placedBox(plot, each, `state ${kind}`);
    box.style.top = `${TOPS[side]}rem`;
    box.title = each.text;
    drawn.push(box);
    const room = (plot.axis.position(each.to) - plot.axis.position(each.from)) * plot.width;
    if (room >= plot.measure(name) + PADDING) box.append(name);
    else outside.push(wish(plot, name, kind, each.from));
  }
  const labels = placed(outside, plot.width, (text) => plot.measure(text) + 16);
  return [
    ...drawn,
    ...labels.map(({ text, kind, left, row }) => {
      const label = build("span", { class: `outside ${side} ${kind}` }, text);
      label.style.left = `${left}px`;
      const top = side === "caller" ? (ABOVE - 1 - row) * LINE : BELOW + row * LINE;
      label.style.top = `${top}rem`;
      return label;
    }),
  ];
}

/**
 * @param {Plot} plot
 * @param {string} text
 * @param {string} kind
 * @param {number} at
 * @returns {Wish}
 */
function wish({ axis, width }, text, kind, at) {
  const x = axis.position(at) * width;
  return { text, kind, x, anchor: "start", rows: [0, 1], needed: true };
}

/**
 * @param {Plot} plot
 * @param {{from: number, to: number}} interval
 * @param {string} classes
 * @returns {HTMLElement}
 */
function placedBox({ axis }, { from, to }, classes) {
  const box = build("span", { class: classes });
  const left = axis.position(from);
  box.style.left = `${left * 100}%`;
  box.style.width = `max(${THINNEST}px, ${(axis.position(to) - left) * 100}%)`;
  return box;
}

/**
 * @param {Plot} plot
 * @returns {SVGElement}
 */
function arrows({ crossings, sides, axis, width }) {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [top, bottom] = [(TOPS.caller + LANE) * root, TOPS.callee * root];
  return svg(
    "svg",
    { class: "between", "aria-hidden": "true" },
    ...crossings.map(({ message, sent, received }) => {
      const [y1, y2] = message.from === sides[0] ? [top, bottom] : [bottom, top];
      const end = endOf(message);
      const x1 = axis.position(sent) * width;
      const x2 = Math.max(x1, axis.position(received ?? sent) * width) + 5;
      const reach = end === "arrived" ? 1 : end === "refused" ? 0.3 : 0.6;
      const tip = { x: x1 + (x2 - x1) * reach, y: y1 + (y2 - y1) * reach };
      const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
      const head = end === "arrived"
        ? "M-7 -4L0 0L-7 4"
        : end === "refused"
        ? "M0 -8V8"
        : "M-4 -4l8 8m0 -8l-8 8";
      return svg(
        "g",
        { class: end },
        svg("path", { d: `M${x1} ${y1}L${tip.x} ${tip.y}` }),
        svg("path", { d: head, transform: `translate(${tip.x} ${tip.y}) rotate(${angle})` }),
      );
    }),
  );
}

/**
 * The names of what went between the sides, beside their arrows; of what arrived only where that is
 * free of other arrows.
 * @param {Plot} plot
 * @returns {HTMLElement[]}
 */
function arrowLabels({ crossings, axis, width, measure }) {
  const spans = crossings.map(({ sent, received }) => {
    const x = axis.position(sent) * width;
    return { left: x - ARROW, right: Math.max(x, axis.position(received ?? sent) * width) + ARROW };
  });
  const free = (
    /** @type {number} */ left,
    /** @type {number} */ right,
    /** @type {number} */ of,
  ) =>
    left >= 0 && right <= width &&
    spans.every((each, at) => at === of || right < each.left || left > each.right);
  /** @type {Wish[]} */
  const wishes = [];
  crossings.forEach(({ message }, at) => {
    const kind = endOf(message);
    const text = messageTexts(message).at(kind === "arrived" ? -1 : -2) ?? "";
    const { left, right } = spans[at] ?? { left: 0, right: 0 };
    const wide = measure(text) + ARROW;
    const needed = kind !== "arrived" && kind !== "given-up";
    const before = !free(right, right + wide, at) && free(left - wide, left, at);
    if (!before && !needed && !free(right, right + wide, at)) return;
    const beside = { text, kind, rows: [0, 1], needed };
    wishes.push(
      before ? { ...beside, x: left, anchor: "end" } : { ...beside, x: right, anchor: "start" },
    );
  });
  wishes.sort((a, b) => Number(b.needed) - Number(a.needed));
  return placed(wishes, width, measure).map(({ text, kind, left, row }) => {
    const label = build("span", { class: `passing ${kind}` }, text);
    label.style.left = `${left}px`;
    label.style.top = `${TOPS.caller + LANE + 0.5 + row * 1.25}rem`;
    return label;
  });
}
