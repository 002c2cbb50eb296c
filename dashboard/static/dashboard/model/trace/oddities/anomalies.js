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
const ORDER = /** @type {OfSpans[]} */ ([
  "circular",
  "selfParent",
  "orphan",
  "shared",
  "backwards",
  "early",
  "startUnknown",
  "abandoned",
  "outlives",
]);

/**
 * What is odd about a trace's spans, by kind.
 * @param {Row[]} listed
 * @returns {Anomaly[]}
 */
export function anomalies(listed) {
  /** @type {Map<OfSpans, Anomaly>} */
  const found = new Map();
  const flags = listed[0]?.tree.data.flags;
  flags?.forEach((odd, at) => {
    // Most are not odd.
    if (!odd) return;
    const row = /** @type {Row} */ (listed[at]);
    for (const code of anomaliesOf(row, listed[row.parent])) {
      const known = found.get(code) ?? { code, rows: [], more: 0 };
      if (known.rows.length < MOST_NAMED) known.rows.push(row);
      else known.more += 1;
      found.set(code, known);
    }
  });
  return ORDER.flatMap((code) => found.get(code) ?? []);
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
 * @param {Row} row
 * @param {Row | undefined} parent
 * @returns {OfSpans[]}
 */
function anomaliesOf(row, parent) {
  /** @type {OfSpans[]} */
  const found = [];
  if (row.early) found.push("early");
  if (row.orphan) found.push("orphan");
  if (row.circular) found.push("circular");
  if (row.selfParent) found.push("selfParent");
  if (row.shared) found.push("shared");
  if (row.backwards) found.push("backwards");
  if (row.span.startUnknown) found.push("startUnknown");
  if (row.span.state === "abandoned") found.push("abandoned");
  const parentEnded = parent && parent.span.end !== null;
  if (row.outlives && parentEnded && row.end - parent.end > TOLERANCE_NS) found.push("outlives");
  return found;
}
