import { SpanColumns } from "./columns/span_columns.js";
import { Tree } from "./columns/tree.js";

/**
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./span.js").Offsets} Offsets
 *
 * @typedef {import("./columns/tree.js").Row} Row
 */

/**
 * Puts spans into the order of a tree: parents first, children by their start.
 * @param {SpanColumns | Iterable<Span>} spans
 * @param {number} last the end of the trace
 * @param {Offsets} [offsets]
 * @returns {Row[]}
 */
export function rows(spans, last, offsets = {}) {
  return Tree.of(SpanColumns.of(spans), last, offsets).listed;
}

/**
 * Which rows are shown when those below some are folded away.
 * @param {Row[]} listed
 * @param {ReadonlySet<string>} folded keys of spans
 * @returns {number[]} places in `listed`
 */
export function visible(listed, folded) {
  const tree = listed[0]?.tree;
  if (!tree) return [];
  const { next } = tree.data;
  const away = new Uint8Array(listed.length);
  for (const key of folded) {
    const at = tree.rowOf(key);
    if (at >= 0) away[at] = 1;
  }
  const shown = [];
  for (let at = 0; at < listed.length; at = away[at] ? next[at] ?? 0 : at + 1) shown.push(at);
  return shown;
}

/**
 * Where a row is among those that are shown, which are in the order of the tree. The row of a call
 * that nobody heard, the complement of the call's place, stands right below it.
 * @param {ArrayLike<number>} shown
 * @param {number} at
 * @returns {number} -1 when it is none of them
 */
export function indexOf(shown, at) {
  const order = (/** @type {number} */ row) => row < 0 ? 2 * ~row + 1 : 2 * row;
  let [low, high] = [0, shown.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(shown[middle] ?? 0) < order(at)) low = middle + 1;
    else high = middle;
  }
  return shown[low] === at ? low : -1;
}

/**
 * What a row is known by, while others come before it.
 * @param {Tree} tree
 * @param {number} [at]
 * @returns {string} the key of its span; of a call that nobody heard one that no span has
 */
export function keyOf({ listed }, at = NaN) {
  return listed[at]?.span.key ?? (at < 0 ? `~${listed[~at]?.span.key}` : "");
}

/**
 * @param {Tree} tree
 * @param {ArrayLike<number>} shown
 * @param {string} key of a row
 * @returns {number} where it is among those that are shown; -1 when it is none of them
 */
export function indexOfKey(tree, shown, key) {
  const unheard = key.startsWith("~");
  const row = tree.rowOf(unheard ? key.slice(1) : key);
  return row < 0 ? -1 : indexOf(shown, unheard ? ~row : row);
}

/**
 * The spans below which nothing leaves their service: folded, each entry into a service stays.
 * @param {Row[]} listed
 * @returns {Set<string>} keys of spans
 */
export function withinServices(listed) {
  /** @type {Set<string>} */
  const found = new Set();
  const tree = listed[0]?.tree;
  if (!tree) return found;
  const { of, parent, next } = tree.data;
  const { service } = tree.columns.data;
  const leaves = new Uint8Array(listed.length);
  for (let at = listed.length - 1; at >= 0; at--) {
    const above = parent[at] ?? -1;
    const place = of[at] ?? 0;
    if (above >= 0 && (leaves[at] || service[of[above] ?? 0] !== service[place])) leaves[above] = 1;
    if (!leaves[at] && (next[at] ?? 0) > at + 1) found.add(tree.columns.keyAt(place));
  }
  return found;
}

/**
 * The places of those directly below a row.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number[]}
 */
export function childrenOf(listed, at) {
  const found = [];
  const end = listed[at]?.next ?? 0;
  for (let child = at + 1; child < end; child = listed[child]?.next ?? end) found.push(child);
  return found;
}

/**
 * Where the row above a row in the tree is.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number | null} null for a root
 */
export function parentOf(listed, at) {
  const above = listed[at]?.parent ?? -1;
  return above < 0 ? null : above;
}

/**
 * Where all rows above a row in the tree are, the nearest first.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number[]}
 */
export function ancestorsOf(listed, at) {
  const found = [];
  for (let above = parentOf(listed, at); above !== null; above = parentOf(listed, above)) {
    found.push(above);
  }
  return found;
}
