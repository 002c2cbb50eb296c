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
  for (let at = 0; at < listed.length && tree; at++) {
    const { start, end, depth: depths, of } = tree.data;
    first = Math.min(first, start[at] ?? 0);
    last = Math.max(last, end[at] ?? 0);
    depth = Math.max(depth, (depths[at] ?? 0) + 1);
    if (tree.columns.failedAt(of[at] ?? 0)) failed += 1;
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
