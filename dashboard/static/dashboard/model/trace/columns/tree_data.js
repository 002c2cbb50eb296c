import { movedBy } from "./extent.js";
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
} from "./row_flags.js";
import { Siblings } from "./siblings.js";
import { hasFlag, NONE, START_UNKNOWN, STATES } from "./span_data.js";

/**
 * @typedef {import("./span_columns.js").SpanColumns} SpanColumns
 *
 * @typedef {object} TreeData The columns of the rows, in the order of the tree.
 * @property {Uint32Array} of the place of the row's span among the columns
 * @property {Int32Array} row the other way round: where each span is
 * @property {Float64Array} start with the clock of its service moved as chosen
 * @property {Float64Array} end of an open span: the end of the trace
 * @property {Int32Array} parent the row above it in the tree; -1 for none
 * @property {Uint32Array} depth
 * @property {Uint32Array} next where the rows below it end
 * @property {Uint16Array} flags
 */

const GONE = STATES.indexOf("abandoned");

/**
 * @param {SpanColumns} columns
 * @param {number} last
 * @param {import("../span.js").Offsets} offsets
 * @returns {TreeData}
 */
export function treeData(columns, last, offsets) {
  const { count } = columns;
  const [start, end] = times(columns, last, offsets);
  const siblings = new Siblings(columns, start);
  const tree = emptyTree(count, count);
  const waiting = new Int32Array(count);
  let listed = 0;
  const visit = (/** @type {number} */ root, /** @type {number} */ flags) => {
    let left = 0;
    waiting[left++] = root;
    while (left > 0) {
      const place = waiting[--left] ?? 0;
      if ((tree.row[place] ?? -1) >= 0) continue;
      const above = place === root ? -1 : tree.row[siblings.parent[place] ?? 0] ?? -1;
      const at = listed++;
      tree.of[at] = place;
      tree.row[place] = at;
      tree.parent[at] = above;
      tree.depth[at] = above < 0 ? 0 : (tree.depth[above] ?? 0) + 1;
      const [from, to] = [start[place] ?? 0, end[place] ?? 0];
      tree.start[at] = from;
      tree.end[at] = to;
      tree.flags[at] = flagsOf(columns, place, siblings.isRoot(place)) | (above < 0 ? flags : 0);
      if (above >= 0) {
        const early = from < (tree.start[above] ?? 0) &&
          !hasFlag(columns.data, place, START_UNKNOWN);
        const outlives = to > (tree.end[above] ?? 0);
        tree.flags[at] |= (early ? EARLY : 0) | (outlives ? OUTLIVES : 0);
      }
      for (let n = siblings.endOf(place) - 1; n >= siblings.beginOf(place); n--) {
        const child = siblings.ordered[n] ?? 0;
        if ((tree.row[child] ?? -1) < 0) waiting[left++] = child;
      }
    }
  };
  for (let n = siblings.beginOf(count); n < siblings.endOf(count); n++) {
    visit(siblings.ordered[n] ?? 0, 0);
  }
  // What is left is in a cycle of parents: it is entered where it starts first.
  if (listed < count) {
    const left = Uint32Array.from({ length: count }, (_, place) => place)
      .filter((place) => (tree.row[place] ?? -1) < 0)
      .sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
    for (const place of left) visit(place, CIRCULAR);
  }
  noteEnds(tree);
  return tree;
}

/**
 * @param {SpanColumns} columns
 * @param {number} place
 * @param {boolean} isRoot
 * @returns {number}
 */
function flagsOf(columns, place, isRoot) {
  const { id, parent, start, end, state } = columns.data;
  let found = 0;
  if (hasFlag(columns.data, place, START_UNKNOWN)) found |= NO_START;
  if (state[place] === GONE) found |= ABANDONED;
  if ((end[place] ?? NaN) < (start[place] ?? 0)) found |= BACKWARDS;
  if (columns.sharedAt(place)) found |= SHARED;
  if (!isRoot || parent[place] === NONE) return found;
  return found | (parent[place] === id[place] ? SELF_PARENT : ORPHAN);
}

/**
 * @param {SpanColumns} columns
 * @param {number} last
 * @param {import("../span.js").Offsets} offsets
 * @returns {[Float64Array, Float64Array]} when each span starts and ends, as it is shown
 */
function times(columns, last, offsets) {
  const moved = movedBy(columns, offsets);
  const { start, end, service } = columns.data;
  const from = new Float64Array(columns.count);
  const to = new Float64Array(columns.count);
  for (let place = 0; place < columns.count; place++) {
    const by = moved[service[place] ?? 0] ?? 0;
    const ended = end[place] ?? NaN;
    const begun = (start[place] ?? 0) + by;
    const until = Number.isNaN(ended) ? last : ended + by;
    from[place] = begun;
    // A clock that was set back while the span ran must not turn its bar round.
    to[place] = until > begun ? until : begun;
  }
  return [from, to];
}

/**
 * Notes of each row where those below it end.
 * @param {TreeData} tree
 * @returns {void}
 */
function noteEnds({ parent, next }) {
  for (let at = next.length - 1; at >= 0; at--) {
    if ((next[at] ?? 0) <= at) next[at] = at + 1;
    const above = parent[at] ?? -1;
    if (above >= 0 && (next[above] ?? 0) < (next[at] ?? 0)) next[above] = next[at] ?? 0;
  }
}

/**
 * @param {number} count of its rows
 * @param {number} places of the spans that they are chosen from
 * @returns {TreeData}
 */
export function emptyTree(count, places) {
  return {
    of: new Uint32Array(count),
    row: new Int32Array(places).fill(-1),
    start: new Float64Array(count),
    end: new Float64Array(count),
    parent: new Int32Array(count).fill(-1),
    depth: new Uint32Array(count),
    next: new Uint32Array(count),
    flags: new Uint16Array(count),
  };
}
