import {
  ABANDONED,
  BACKWARDS,
  CIRCULAR,
  EARLY,
  NO_START,
  ORPHAN,
  OUTLIVES,
  SELF_PARENT,
  SHARED,
} from "../columns/row_flags.js";

/**
 * @typedef {import("../rows.js").Row} Row
 * @typedef {"early" | "outlives" | "orphan" | "circular" | "selfParent" | "shared" | "backwards" |
 *   "startUnknown" | "abandoned"} OfSpans
 * @typedef {{code: OfSpans, rows: Row[], more: number}} Anomaly what some spans have in common: the
 *   first of them, and how many others there are
 * @typedef {{from: number, to: number, before: Row | null, after: Row | null}} Gap
 *   A time of which nothing is on record, and the spans that it lies between.
 */

const MOST_NAMED = 3;
const SHORTEST_GAP_NS = 50_000_000;
const SHARE_OF_TRACE = 0.1;
const MOST_GAPS = 3;
const TOLERANCE_NS = 1_000_000;
/** By what each is known, in the order in which they are told. */
const FLAGS = {
  circular: CIRCULAR,
  selfParent: SELF_PARENT,
  orphan: ORPHAN,
  shared: SHARED,
  backwards: BACKWARDS,
  early: EARLY,
  startUnknown: NO_START,
  abandoned: ABANDONED,
  outlives: OUTLIVES,
};
const ORDER = /** @type {OfSpans[]} */ (Object.keys(FLAGS));

/**
 * What is odd about a trace's spans, by kind.
 * @param {Row[]} listed
 * @returns {Anomaly[]}
 */
export function anomalies(listed) {
  const tree = listed[0]?.tree;
  if (!tree) return [];
  const { flags: odd } = tree.data;
  let any = 0;
  for (let at = 0; at < odd.length; at++) any |= odd[at] ?? 0;
  return ORDER.flatMap((code) => {
    const flag = FLAGS[code];
    if ((any & flag) === 0) return [];
    /** @type {Row[]} */
    const rows = [];
    let more = 0;
    for (let at = 0; at < odd.length; at++) {
      // Most are not odd.
      if (((odd[at] ?? 0) & flag) === 0) continue;
      if (flag === OUTLIVES && !outlives(tree, at)) continue;
      if (rows.length < MOST_NAMED) rows.push(/** @type {Row} */ (listed[at]));
      else more += 1;
    }
    return rows.length ? [{ code, rows, more }] : [];
  });
}

/**
 * The long times in the middle of a trace in which no span ran and nothing was logged, longest first.
 * @param {Row[]} listed
 * @param {readonly {at: number}[]} logs
 * @returns {Gap[]}
 */
export function gaps(listed, logs) {
  // While a span runs, what runs within it changes nothing.
  const busy = listed.filter((row) => !within(row, listed[row.parent]))
    .map((row) => ({ from: row.start, to: row.end, row: /** @type {Row | null} */ (row) }));
  for (const { at } of logs) busy.push({ from: at, to: at, row: null });
  busy.sort((a, b) => a.from - b.from);
  const [first] = busy;
  if (!first) return [];
  /** @type {Gap[]} */
  const found = [];
  let [until, before] = [first.to, first.row];
  for (const { from, to, row } of busy) {
    if (from > until) found.push({ from: until, to: from, before, after: null });
    // Beside a log line, which has no name, the span next to it is named.
    if (row) {
      for (let at = found.length - 1; found[at]?.after === null; at--) {
        const gap = found[at];
        if (gap) gap.after = row;
      }
    }
    if (to >= until) [until, before] = [to, row ?? before];
  }
  const least = Math.max(SHORTEST_GAP_NS, (until - first.from) * SHARE_OF_TRACE);
  return found
    .filter((gap) => gap.to - gap.from >= least)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MOST_GAPS);
}

/**
 * @param {Row} row
 * @param {Row | undefined} parent
 * @returns {boolean} whether its parent ran before it and after it
 */
function within(row, parent) {
  return parent !== undefined && row.start >= parent.start && row.end < parent.end;
}

/**
 * @param {import("../columns/tree.js").Tree} tree
 * @param {number} at
 * @returns {boolean} whether it is certain that a row ends after the one above it
 */
function outlives({ columns, data: { of, parent, end } }, at) {
  const above = parent[at] ?? -1;
  const hasEnded = above >= 0 && !Number.isNaN(columns.data.end[of[above] ?? 0]);
  return hasEnded && (end[at] ?? 0) - (end[above] ?? 0) > TOLERANCE_NS;
}
