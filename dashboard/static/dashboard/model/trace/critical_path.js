/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{from: number, to: number}} Part Of a span's time, nanoseconds from the trace's base.
 */

/**
 * How much of a span's time none of its children was running, in nanoseconds.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number}
 */
export function selfTime(listed, at) {
  const tree = listed[at]?.tree;
  if (!tree) return 0;
  const { start, end, next } = tree.data;
  const [begun, ended, below] = [start[at] ?? 0, end[at] ?? 0, next[at] ?? 0];
  let covered = 0;
  let until = begun;
  // Children come by their start.
  for (let child = at + 1; child < below; child = next[child] ?? below) {
    const from = Math.max(start[child] ?? 0, until);
    const to = Math.min(end[child] ?? 0, ended);
    if (to > from) {
      covered += to - from;
      until = to;
    }
  }
  return ended - begun - covered;
}

/**
 * The parts of a tree's rows that are on the path, in columns.
 * @typedef {object} PathData
 * @property {Int32Array} at where the parts of each row begin; -1 for one that is on nobody's path
 * @property {Uint32Array} count how many it has
 * @property {Float64Array} from
 * @property {Float64Array} to
 */

/** The chain of spans that each root waited for. */
export class CriticalPath {
  /** @param {PathData} data */
  constructor(data) {
    this.data = data;
  }

  /**
   * @param {number} row
   * @returns {boolean} whether it is on a path
   */
  has(row) {
    return (this.data.at[row] ?? -1) >= 0;
  }

  /**
   * @param {number} row
   * @returns {Part[] | undefined} its parts that are on a path, latest first
   */
  get(row) {
    const { at, count, from, to } = this.data;
    const first = at[row] ?? -1;
    if (first < 0) return undefined;
    return Array.from({ length: count[row] ?? 0 }, (_, n) => ({
      from: from[first + n] ?? 0,
      to: to[first + n] ?? 0,
    }));
  }

  /** @returns {IterableIterator<[number, Part[]]>} */
  *[Symbol.iterator]() {
    for (let row = 0; row < this.data.at.length; row++) {
      const parts = this.get(row);
      if (parts) yield [row, parts];
    }
  }
}

/**
 * The chain of spans that each root waited for. Walked backwards from the root's end: whichever
 * child ended last before that moment is what was waited for, and before it started, its parent.
 * A child that outlives its parent counts until the parent's end; what ran on after the root had
 * ended is on nobody's path.
 * @param {Row[]} listed
 * @returns {CriticalPath}
 */
export function criticalPath(listed) {
  const tree = listed[0]?.tree;
  return new CriticalPath(pathData(tree?.data ?? NOTHING));
}

const NOTHING = { start: new Float64Array(), end: new Float64Array(), next: new Uint32Array() };

/**
 * @param {Pick<import("./columns/tree.js").TreeData, "start" | "end" | "next">} tree
 * @returns {PathData}
 */
export function pathData({ start, end, next }) {
  const length = start.length;
  const path = {
    at: new Int32Array(length).fill(-1),
    count: new Uint32Array(length),
    // Each row has one part more than it has children that are walked on, at most.
    from: new Float64Array(2 * length),
    to: new Float64Array(2 * length),
  };
  let parts = 0;
  const add = (/** @type {number} */ from, /** @type {number} */ to) => {
    path.from[parts] = from;
    path.to[parts] = to;
    parts += 1;
  };
  // Those that wait. Lists of two or three, which read well, take several times as long here.
  const rows = new Uint32Array(length);
  const begins = new Float64Array(length);
  const ends = new Float64Array(length);
  let left = 0;
  const wait = (
    /** @type {number} */ row,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => {
    rows[left] = row;
    begins[left] = from;
    ends[left] = to;
    left += 1;
  };
  for (let root = 0; root < length; root = next[root] ?? length) {
    const begun = start[root] ?? 0;
    const ended = end[root] ?? 0;
    // Of one service alone most stand alone.
    if (next[root] === root + 1) {
      path.at[root] = parts;
      path.count[root] = ended > begun ? 1 : 0;
      if (ended > begun) add(begun, ended);
      continue;
    }
    wait(root, begun, ended);
    while (left > 0) {
      left -= 1;
      const row = rows[left] ?? 0;
      const from = begins[left] ?? 0;
      const until = ends[left] ?? 0;
      path.at[row] = parts;
      let moment = until;
      for (const child of byEnd(start, end, next, { row, from, until })) {
        // Clocks and senders may err: a child counts for no more than its parent's time.
        const begun = Math.max(start[child] ?? 0, from);
        const ended = Math.min(end[child] ?? 0, until);
        if (ended > moment) continue;
        if (moment > ended) add(ended, moment);
        wait(child, begun, ended);
        moment = begun;
      }
      if (moment > from) add(from, moment);
      path.count[row] = parts - (path.at[row] ?? 0);
    }
  }
  return path;
}

/**
 * The children of a row that ran within a time, by when they ended in it: the latest first.
 * @param {Float64Array} start
 * @param {Float64Array} end
 * @param {Uint32Array} next
 * @param {{row: number, from: number, until: number}} within
 * @returns {number[]}
 */
function byEnd(start, end, next, { row, from, until }) {
  const below = next[row] ?? 0;
  /** @type {number[]} */
  const found = [];
  const ended = (/** @type {number} */ child) => Math.min(end[child] ?? 0, until);
  let ascending = true;
  for (let child = row + 1; child < below; child = next[child] ?? below) {
    if (ended(child) <= Math.max(start[child] ?? 0, from)) continue;
    const before = found.at(-1);
    if (before !== undefined && ended(before) >= ended(child)) ascending = false;
    found.push(child);
  }
  return ascending ? found.reverse() : found.sort((a, b) => ended(b) - ended(a));
}
