import { build } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { measureIn } from "../../../base/text_width.js";
import { duration, exactTime } from "../../../base/time.js";
import { tickCount } from "../../../model/trace/axis.js";
import { placed } from "../../../model/label_rows.js";
import { faultTexts, toneOf } from "./fault_name.js";

/**
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/label_rows.js").Wish} Wish
 * @typedef {import("../../../model/trace/messages/message.js").FaultWindow} FaultWindow
 */

const UPPER = 0;
const LOWER = 1;
const BESIDE_FOLD = 3;
/** Of more faults only the number stands over the axis. */
export const MOST_NAMED = 3;

/**
 * The head of an axis of time: its marks, the times at both ends of each silence and its length, the
 * faults that were in force, and the moment of the cursor.
 */
export class TimeHead {
  element = build("span", { class: "lane time-head", "aria-hidden": "true" });
  #pill = build("output", { class: "cursor-time", hidden: "" });

  /**
   * @param {Axis} axis
   * @param {number} zero what is called 0
   * @param {FaultWindow[]} windows
   * @param {number} [until] what comes later is not said
   * @returns {void}
   */
  draw(axis, zero, windows, until = Infinity) {
    const width = this.element.clientWidth;
    if (!width) return;
    const shown = windows.filter(({ from, to }) => from < axis.last && to > axis.first);
    const labels = placed(
      wishes(axis, zero, shown, { width, until }),
      width,
      measureIn(this.element, "600"),
    );
    this.element.replaceChildren(
      ...labels.map(({ text, kind, left, row }) => {
        const label = build("span", { class: `mark-text ${kind} row-${row}` }, text);
        label.style.left = `${left}px`;
        return label;
      }),
      ...shown.map((each) => strip(axis, each)),
      this.#pill,
    );
  }

  /**
   * @param {Axis} axis
   * @param {number | null} moment
   * @param {number} zero
   * @returns {void}
   */
  point(axis, moment, zero) {
    this.#pill.hidden = moment === null || moment < axis.first || moment > axis.last;
    if (moment === null || this.#pill.hidden) return;
    this.#pill.textContent = exactTime((moment - zero) / 1e6);
    const left = axis.position(moment) * 100;
    this.#pill.style.left = `clamp(1.75rem, ${left}%, calc(100% - 1.25rem))`;
  }
}

/**
 * Builds the hatched bands of the silences over all that is below the head.
 * @param {Axis} axis
 * @param {number} [until] what is later of them is not shown
 * @returns {HTMLElement[]}
 */
export function silenceBands(axis, until = Infinity) {
  return axis.folded.filter(({ from }) => from < until).map((each) => {
    const band = build("i", { class: "silence-band" });
    const left = axis.position(each.from);
    band.style.left = `${left * 100}%`;
    band.style.width = `${(axis.position(Math.min(each.to, until)) - left) * 100}%`;
    return band;
  });
}

/**
 * Builds a fault's mark for the time that it was in force.
 * @param {Axis} axis
 * @param {FaultWindow} window
 * @returns {HTMLElement}
 */
export function strip(axis, window) {
  const { target, kind, from, to } = window;
  const name = faultTexts(target, [window]).whole;
  const drawn = build("i", { class: `fault-strip ${toneOf(kind)}`, title: name });
  const left = axis.position(from);
  drawn.style.left = `${left * 100}%`;
  drawn.style.width = `${(axis.position(to) - left) * 100}%`;
  return drawn;
}

/**
 * What is to be said over an axis, what matters most first.
 * @param {Axis} axis
 * @param {number} zero
 * @param {FaultWindow[]} windows
 * @param {{width: number, until: number}} room
 * @returns {Wish[]}
 */
function wishes(axis, zero, windows, { width, until }) {
  const x = (/** @type {number} */ moment) => axis.position(moment) * width;
  const format = axis.active < 1e9 ? exactTime : duration;
  const time = (/** @type {number} */ moment) => format((moment - zero) / 1e6);
  const silence = gettext("%(time)s of silence");
  const folded = axis.folded.filter(({ to }) => to <= until);
  return [
    ...folded.flatMap(({ from, to }) => [
      end(time(from), x(from) - BESIDE_FOLD, "end"),
      end(time(to), x(to) + BESIDE_FOLD, "start"),
    ]),
    ...faultNames(windows).map(({ text, tone, from, to }) => ({
      text,
      kind: `fault ${tone}`,
      x: x(from),
      until: x(to),
      anchor: /** @type {const} */ ("start"),
      rows: [UPPER],
    })),
    ...folded.flatMap(({ from, to }) => {
      const length = duration((to - from) / 1e6);
      const middle = { x: (x(from) + x(to)) / 2, anchor: /** @type {const} */ ("middle") };
      return [{
        text: interpolate(silence, { time: length }),
        kind: "silence",
        rows: [UPPER],
        ...middle,
      }];
    }),
    ...axis.ticks(tickCount(width), zero).map((moment) => ({
      text: moment === zero ? "0" : time(moment).replace(/\.?0+ s$/, " s"),
      kind: "tick",
      x: x(moment),
      anchor: /** @type {const} */ ("middle"),
      rows: [LOWER],
    })),
  ];
}

/**
 * What the faults over an axis are called: each by its name, or many by their number.
 * @param {FaultWindow[]} windows
 * @returns {Array<{text: string, tone: string, from: number, to: number}>}
 */
function faultNames(windows) {
  const named = new Map(windows.map((window) => [
    faultTexts(window.target, [window]).whole,
    { from: window.from, to: window.to, tone: toneOf(window.kind) },
  ]));
  if (named.size <= MOST_NAMED) return [...named].map(([text, each]) => ({ text, ...each }));
  return [{
    text: ngettext("%s fault in force", "%s faults in force", named.size),
    tone: windows.some((each) => toneOf(each.kind) === "bad") ? "bad" : "warn",
    from: windows.reduce((first, each) => Math.min(first, each.from), Infinity),
    to: windows.reduce((last, each) => Math.max(last, each.to), 0),
  }];
}

/**
 * @param {string} text
 * @param {number} x
 * @param {"start" | "end"} anchor
 * @returns {Wish}
 */
function end(text, x, anchor) {
  return { text, kind: "fold-end", x, anchor, rows: [LOWER, UPPER], needed: true };
}
