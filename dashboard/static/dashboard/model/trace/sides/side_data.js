import { BACKWARDS, CIRCULAR, EARLY, ORPHAN, OUTLIVES, SHARED } from "../columns/row_flags.js";
import { order } from "../columns/siblings.js";
import { emptyTree } from "../columns/tree_data.js";

/**
 * @typedef {import("../columns/span_columns.js").SpanColumns} SpanColumns
 * @typedef {import("../columns/tree.js").Tree} Tree
 * @typedef {import("../columns/tree_data.js").TreeData} TreeData
 *
 * @typedef {object} Chosen Rows of one service out of a tree of all, in the order in which they stand.
 * @property {Uint32Array} rows
 * @property {Int32Array} above which of them is the parent of each; -1 for none
 * @property {Uint32Array} root which of them each stands below in the end
 * @property {Uint32Array} roots the places of their spans, by their starts
 * @property {Uint32Array} rootAt which of them is the one of a place
 */

/** With these a service's spans may stand otherwise without the rest than they do with it. */
const ODD = SHARED | CIRCULAR | BACKWARDS;

/**
 * Takes a service's rows out of the tree of all, which has them in their order below each span
 * already: what has lost its parent becomes a root, and the roots are put into their order. It is
 * done in few loops, as code that has not run for a while is slow at first.
 * @param {Tree} whole
 * @param {string} service
 * @returns {TreeData | null} null where something is odd, or goes on: it has to be made anew
 */
export function sideData({ columns, data: whole }, service) {
  const chosen = choose(columns, whole, columns.texts.numberOf(service));
  if (!chosen) return null;
  const { rows, above, root, roots, rootAt } = chosen;
  const count = rows.length;
  // How many each is, with those below it.
  const size = new Uint32Array(count).fill(1);
  for (let n = count - 1; n >= 0; n--) {
    const over = above[n] ?? -1;
    if (over >= 0) size[over] = (size[over] ?? 0) + (size[n] ?? 0);
  }
  // Where the next one below each root is put.
  const free = new Uint32Array(count);
  for (let n = 0, taken = 0; n < roots.length; n++) {
    const at = rootAt[roots[n] ?? 0] ?? 0;
    free[at] = taken;
    taken += size[at] ?? 0;
  }
  const side = emptyTree(count, columns.count);
  for (let n = 0; n < count; n++) {
    const row = rows[n] ?? 0;
    const place = whole.of[row] ?? 0;
    const of = root[n] ?? 0;
    const to = free[of] ?? 0;
    free[of] = to + 1;
    side.of[to] = place;
    side.row[place] = to;
    side.start[to] = whole.start[row] ?? 0;
    side.end[to] = whole.end[row] ?? 0;
    side.next[to] = to + (size[n] ?? 0);
    side.flags[to] = whole.flags[row] ?? 0;
    if (of !== n) {
      const parent = side.row[whole.of[rows[above[n] ?? 0] ?? 0] ?? 0] ?? 0;
      side.parent[to] = parent;
      side.depth[to] = (side.depth[parent] ?? 0) + 1;
    } else if ((whole.parent[row] ?? -1) >= 0) {
      side.flags[to] = (whole.flags[row] ?? 0) & ~(EARLY | OUTLIVES) | ORPHAN;
    }
  }
  return side;
}

/**
 * @param {SpanColumns} columns
 * @param {TreeData} whole
 * @param {number} number of a service
 * @returns {Chosen | null}
 */
function choose({ data: { service, start, end } }, { of, parent, flags }, number) {
  const all = of.length;
  const rows = new Uint32Array(all);
  const above = new Int32Array(all);
  const root = new Uint32Array(all);
  const roots = new Uint32Array(all);
  const rootAt = new Uint32Array(all);
  const chosenAt = new Int32Array(all);
  let [count, many, odd, goesOn] = [0, 0, 0, false];
  for (let row = 0; row < all; row++) {
    const place = of[row] ?? 0;
    odd |= flags[row] ?? 0;
    if (service[place] !== number) continue;
    const up = parent[row] ?? -1;
    const over = up >= 0 && service[of[up] ?? 0] === number ? chosenAt[up] ?? -1 : -1;
    if (over < 0) {
      rootAt[place] = count;
      roots[many++] = place;
    }
    root[count] = over < 0 ? count : root[over] ?? 0;
    above[count] = over;
    rows[count] = row;
    chosenAt[row] = count++;
    goesOn ||= Number.isNaN(end[place]);
  }
  if (goesOn || (odd & ODD) !== 0) return null;
  order(roots, 0, many, start);
  const [some, ordered] = [rows.subarray(0, count), roots.subarray(0, many)];
  return { rows: some, above, root, roots: ordered, rootAt };
}
