import { arrange, build, change } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { duration } from "../../../base/time.js";
import { outlived } from "../../../model/trace/calls.js";
import { hue } from "../../../base/palette.js";
import { errorText } from "../../shared/error_text.js";
import { serviceTitle } from "../../shared/service_title.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {{width: number, measure: (text: string) => number}} Lane its width in pixels, and that of texts
 * @typedef {{classes: string, left: string, width: string, title: string | null}} Shape
 */

const THINNEST = 0.004;
const CAP = 20;
const TAG_GAP = 6;
/** How many marks a lane has room for: closer ones are one. */
const MOST_MARKS = 500;
/** From which width on, in pixels, a sentence has room on a bar. */
const NARROW_LANE = 400;

/** A span's bar and what happened on it, which shows now this span and now that one. */
export class Bar {
  element = build("span", { class: "lane" });
  /** @type {HTMLElement[]} what is nothing but a shape at a place: those that one span needs serve the next */
  #shapes = [];

  /**
   * @param {Layout} layout
   * @param {number} at
   * @param {Axis} axis
   * @param {Lane} lane
   * @returns {void}
   */
  show(layout, at, axis, lane) {
    const row = /** @type {Row} */ (layout.listed[at]);
    const { span } = row;
    change(this.element, { class: `lane ${hue(span.service)}`, "aria-hidden": "true" });
    if (row.end < axis.first || row.start > axis.last) {
      const before = row.end < axis.first;
      const sign = build("span", { class: before ? "away first" : "away last" });
      sign.textContent = before ? "‹" : "›";
      arrange(this.element, [sign]);
      return;
    }
    const within = (/** @type {number} */ at) => at >= axis.first && at <= axis.last;
    const after = outlived(layout.listed, at);
    const alone = after && after.at < axis.last ? Math.max(after.at, axis.first) : null;
    const lead = alone === null ? "" : " lead";
    const shapes = [
      part(axis, row.start, alone ?? row.end, `fill ${span.state}${lead}`),
      ...(alone === null ? [] : [part(axis, alone, row.end, `fill alone ${span.state}`)]),
      ...joined(layout.path.get(at) ?? [], axis).map(({ from, to }) =>
        part(axis, from, to, "critical")
      ),
      ...marks(layout, row, axis, within),
    ];
    arrange(this.element, [
      ...shapes.map((shape, n) => this.#shape(n, shape)),
      ...(span.failed && within(row.end) ? failure(row, axis, lane) : []),
      ...(after && alone !== null && within(after.at) ? afterwards(after, row, axis, lane) : []),
    ]);
  }

  /**
   * Shows that nothing was heard of a call.
   * @param {string} text
   * @returns {void}
   */
  showSilence(text) {
    change(this.element, { class: "lane", "aria-hidden": null });
    arrange(this.element, [build("span", { class: "silent-line" }, build("span", {}, text))]);
  }

  /**
   * @param {number} n
   * @param {Shape} shape
   * @returns {HTMLElement}
   */
  #shape(n, { classes, left, width, title }) {
    const drawn = this.#shapes[n] ??= build("i");
    change(drawn, { class: classes, title });
    drawn.style.left = left;
    drawn.style.width = width;
    return drawn;
  }
}

/**
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 * @param {string} classes
 * @returns {Shape}
 */
function part(axis, from, to, classes) {
  const left = Math.min(axis.position(from), 1 - THINNEST);
  const width = Math.max(THINNEST, axis.position(to) - left);
  return { classes, left: `${left * 100}%`, width: `${width * 100}%`, title: null };
}

/**
 * Parts of a path, those that no gap can be seen between as one.
 * @param {import("../../../model/trace/critical_path.js").Part[]} parts the latest first
 * @param {Axis} axis
 * @returns {import("../../../model/trace/critical_path.js").Part[]}
 */
function joined(parts, axis) {
  /** @type {import("../../../model/trace/critical_path.js").Part[]} */
  const found = [];
  for (const each of parts) {
    const after = found.at(-1);
    if (after && axis.position(after.from) - axis.position(each.to) < 1 / MOST_MARKS) {
      after.from = each.from;
    } else found.push({ ...each });
  }
  return found;
}

/**
 * What happened on a span: events and log lines, of each kind one at a place.
 * @param {Layout} layout
 * @param {Row} row
 * @param {Axis} axis
 * @param {(moment: number) => boolean} within
 * @returns {Shape[]}
 */
function marks({ logsOfSpan }, { span, start }, axis, within) {
  const shift = start - span.start;
  /** @type {Map<string, Shape>} */
  const drawn = new Map();
  const mark = (
    /** @type {number} */ at,
    /** @type {string} */ classes,
    /** @type {string} */ title,
  ) => {
    const percent = Math.round(axis.position(at) * MOST_MARKS) * 100 / MOST_MARKS;
    const key = `${percent} ${classes}`;
    if (!within(at) || drawn.has(key)) return;
    drawn.set(key, { classes, left: `${percent}%`, width: "", title });
  };
  for (const event of span.events) mark(event.at + shift, "event", event.name);
  for (const log of logsOfSpan.get(span.key) ?? []) mark(log.at, `log ${log.level}`, log.msg);
  return [...drawn.values()];
}

/**
 * The sign at the end of a bar that failed, and how it failed: beside it, where there is room.
 * @param {Row} row
 * @param {Axis} axis
 * @param {Lane} lane
 * @returns {HTMLElement[]}
 */
function failure({ span, start, end }, axis, lane) {
  const cap = build("i", { class: "endcap" });
  cap.append(icon("close"));
  const right = axis.position(end) * lane.width;
  cap.style.left = `${Math.min(right, lane.width - CAP / 2)}px`;
  const text = errorText(span.errorKind);
  const label = build("span", { class: "what" }, text);
  const wide = lane.measure(text) + 2 * TAG_GAP;
  const left = axis.position(start) * lane.width;
  const room = right + CAP / 2 + wide <= lane.width;
  const at = room ? right + CAP / 2 : left >= wide ? left - wide : Math.max(0, right - CAP - wide);
  label.style.left = `${at}px`;
  return [cap, label];
}

/**
 * The moment from which a span goes on alone, and for how long.
 * @param {import("../../../model/trace/calls.js").Outlived} after
 * @param {Row} row
 * @param {Axis} axis
 * @param {Lane} lane
 * @returns {HTMLElement[]}
 */
function afterwards({ service, at, by, gaveUp }, row, axis, lane) {
  const since = axis.position(at) * lane.width;
  const end = axis.position(row.end) * lane.width;
  const sign = build("i", { class: "gave-up" });
  sign.style.left = `${since}px`;
  const found = [sign];
  const ended = interpolate(
    gaveUp ? gettext("%(service)s gave up") : gettext("%(service)s was done"),
    { service: serviceTitle(service) },
  );
  const before = lane.measure(ended) + 2 * TAG_GAP;
  if (since >= before + TAG_GAP) found.push(tag(ended, since - before - TAG_GAP));
  const time = duration(by / 1e6);
  const whole = interpolate(gettext("outlives its caller by %(time)s"), { time });
  const text = lane.width < NARROW_LANE ? `+${time}` : whole;
  const wide = lane.measure(text) + 2 * TAG_GAP;
  const inside = end - since >= wide + 4 * TAG_GAP;
  const left = inside ? (since + end - wide) / 2 : end + TAG_GAP;
  found.push(tag(text, Math.max(since + TAG_GAP, Math.min(left, lane.width - wide))));
  return found;
}

/**
 * @param {string} text
 * @param {number} left
 * @returns {HTMLElement}
 */
function tag(text, left) {
  const drawn = build("span", { class: "tag" }, text);
  drawn.style.left = `${left}px`;
  return drawn;
}
