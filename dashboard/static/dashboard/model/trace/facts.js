import { FAILED } from "./columns/span_data.js";

/**
 * @typedef {object} Facts What a trace is.
 * @property {import("./span.js").Span | null} root the first one; null where log records alone came
 * @property {number} first of its spans, or of its log records where it has none
 * @property {number} last
 * @property {string[]} services with a record
 * @property {number} silent how many others take part, of whom nothing is on record
 * @property {number} depth
 * @property {number} failed spans
 */

/** The side of a call that no record names. */
const UNNAMED = "?";

/** What the journals of links alone write: the network is no service of a trace. */
const OF_A_LINK = "lab.toxic.action";

/**
 * @param {import("./rows.js").Row[]} listed
 * @param {readonly Pick<import("./span.js").TraceLog, "at" | "service" | "attributes">[]} logs
 * @param {string[]} lanes who calls or is called
 * @returns {Facts}
 */
export function factsOf(listed, logs, lanes) {
  const tree = listed[0]?.tree;
  const services = new Set(tree?.services);
  let [first, last, depth, failed] = [Infinity, -Infinity, 0, 0];
  if (tree) {
    const { start, end, depth: depths, of } = tree.data;
    const { flags } = tree.columns.data;
    for (let at = 0; at < of.length; at++) {
      const from = start[at] ?? 0;
      const to = end[at] ?? 0;
      const deep = depths[at] ?? 0;
      if (from < first) first = from;
      if (to > last) last = to;
      if (deep >= depth) depth = deep + 1;
      if ((flags[of[at] ?? 0] ?? 0) & FAILED) failed += 1;
    }
  }
  for (const { at, service, attributes } of logs) {
    if (!(OF_A_LINK in attributes)) services.add(service);
    // A late line makes no trace longer.
    if (listed.length) continue;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const silent = lanes.filter((each) => each !== UNNAMED && !services.has(each)).length;
  const root = listed[0]?.span ?? null;
  if (first > last) [first, last] = [0, 0];
  return { root, first, last, services: [...services], silent, depth, failed };
}
