/**
 * @typedef {object} Sum What one trace has of a step; times in milliseconds.
 * @property {number} count
 * @property {number} failed
 * @property {number} total of all its spans' times, which may overlap
 * @property {number} self of the times in which none of their children ran
 * @property {string} slowest the span that took longest: its id, service and kind
 * @property {string[]} kinds of failures; an empty one has no name
 *
 * @typedef {"only-a" | "only-b" | "more" | "fewer" | "failed-otherwise" | "slower" | "faster"} Difference
 *
 * @typedef {object} Pair A step in both traces; one of them may lack it.
 * @property {number} depth
 * @property {string} service
 * @property {string} name
 * @property {Sum | null} a
 * @property {Sum | null} b
 * @property {Difference[]} differences of the second from the first
 *
 * @typedef {"tree" | "total" | "self" | "count" | "failed"} Order
 */

/** From how much on a call is called slower or faster: a half more, and this many milliseconds. */
const MUCH = 1.5;
const LEAST_MS = 5;

/**
 * Takes in what the observer says of two traces.
 * @param {{columns: string[], sideColumns: string[], rows: any[][]}} response
 * @returns {Pair[]} in the order of a tree
 */
export function pairsOf({ columns, sideColumns, rows }) {
  const [depth = 0, service = 0, name = 0, a = 0, b = 0] = ["depth", "service", "name", "a", "b"]
    .map((each) => columns.indexOf(each));
  const sum = sumReader(sideColumns);
  return rows.map((row) => {
    const [first, second] = [sum(row[a]), sum(row[b])];
    return {
      depth: row[depth],
      service: row[service],
      name: row[name],
      a: first,
      b: second,
      differences: differences(first, second),
    };
  });
}

/**
 * How much more the second trace has of something; of a step that it lacks, less.
 * @param {Pair} pair
 * @param {Exclude<Order, "tree">} of
 * @returns {number}
 */
export function change({ a, b }, of) {
  return (b?.[of] ?? 0) - (a?.[of] ?? 0);
}

/**
 * Which rows are shown.
 * @param {Pair[]} pairs
 * @param {{text: string, differing: boolean, order: Order}} chosen in an order other than the tree's
 *   those that changed most come first
 * @returns {number[]} places; in the tree with the steps that lead to what is looked for
 */
export function shown(pairs, { text, differing, order }) {
  const wanted = text.trim().toLowerCase();
  const matches = (/** @type {Pair} */ { service, name, differences }) =>
    (!differing || differences.length > 0) &&
    (!wanted || `${service} ${name}`.toLowerCase().includes(wanted));
  /** @type {number[]} */
  const found = [];
  if (order !== "tree") {
    pairs.forEach((pair, at) => matches(pair) && found.push(at));
    const size = (/** @type {number} */ at) => {
      const pair = pairs[at];
      return pair ? Math.abs(change(pair, order)) : 0;
    };
    return found.sort((one, other) => size(other) - size(one) || one - other);
  }
  /** From below: what stands above a match has a smaller depth than all up to it. */
  let above = 0;
  for (let at = pairs.length - 1; at >= 0; at--) {
    const pair = /** @type {Pair} */ (pairs[at]);
    const leads = pair.depth < above;
    if (!leads && !matches(pair)) continue;
    above = pair.depth;
    found.push(at);
  }
  return found.reverse();
}

/**
 * The steps that lead to one, from a root to itself.
 * @param {Pair[]} pairs
 * @param {number} at
 * @returns {Pair[]}
 */
export function pathTo(pairs, at) {
  /** @type {Pair[]} */
  const found = [];
  let depth = Infinity;
  for (let place = at; place >= 0 && depth > 0; place--) {
    const pair = /** @type {Pair} */ (pairs[place]);
    if (pair.depth >= depth) continue;
    found.unshift(pair);
    depth = pair.depth;
  }
  return found;
}

/**
 * @param {string[]} columns
 * @returns {(side: any[] | null) => Sum | null}
 */
function sumReader(columns) {
  const [count = 0, failed = 0, total = 0, self = 0, slowest = 0, kinds = 0] = [
    "count",
    "errors",
    "totalMs",
    "selfMs",
    "slowest",
    "errorKinds",
  ].map((each) => columns.indexOf(each));
  return (side) =>
    side && {
      count: side[count],
      failed: side[failed],
      total: side[total],
      self: side[self],
      slowest: side[slowest],
      kinds: side[kinds],
    };
}

/**
 * @param {Sum | null} a
 * @param {Sum | null} b
 * @returns {Difference[]}
 */
function differences(a, b) {
  if (!a) return ["only-b"];
  if (!b) return ["only-a"];
  /** @type {Difference[]} */
  const found = [];
  const same = (/** @type {Sum} */ { kinds }) => kinds.toSorted().join("\n");
  if (a.failed !== b.failed || same(a) !== same(b)) found.push("failed-otherwise");
  if (a.count !== b.count) found.push(b.count > a.count ? "more" : "fewer");
  const [one, other] = [a.total / a.count, b.total / b.count];
  if (other > one * MUCH && other - one > LEAST_MS) found.push("slower");
  if (one > other * MUCH && one - other > LEAST_MS) found.push("faster");
  return found;
}
