import { childrenOf } from "./rows.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{from: number, to: number}} Part Of a span's time, nanoseconds from the trace's base.
 * @typedef {{at: number, from: number, until: number}} Step A row, and which of its time counts.
 */

/**
 * How much of a span's time none of its children was running, in nanoseconds.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number}
 */
export function selfTime(listed, at) {
  const row = listed[at];
  if (!row) return 0;
  let covered = 0;
  let until = row.start;
  // Children come by their start.
  for (const child of childrenOf(listed, at)) {
    const { start, end } = /** @type {Row} */ (listed[child]);
    const from = Math.max(start, until);
    const to = Math.min(end, row.end);
    if (to > from) {
      covered += to - from;
      until = to;
    }
  }
  return row.end - row.start - covered;
}

/**
 * The chain of spans that each root waited for. Walked backwards from the root's end: whichever
 * child ended last before that moment is what was waited for, and before it started, its parent.
 * A child that outlives its parent counts until the parent's end; what ran on after the root had
 * ended is on nobody's path.
 * @param {Row[]} listed
 * @returns {Map<number, Part[]>} the parts of each row that is on the path, latest first
 */
export function criticalPath(listed) {
  /** @type {Map<number, Part[]>} */
  const path = new Map();
  for (let root = 0; root < listed.length; root = listed[root]?.next ?? listed.length) {
    const row = /** @type {Row} */ (listed[root]);
    /** @type {Step[]} */
    const waiting = [{ at: root, from: row.start, until: row.end }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      // One at a time: a call with as many arguments as a span may have children overflows the stack.
      for (const step of walk(listed, next, path)) waiting.push(step);
    }
  }
  return path;
}

/**
 * @param {Row[]} listed
 * @param {Step} step
 * @param {Map<number, Part[]>} path is added to
 * @returns {Step[]} which children are walked on
 */
function walk(listed, { at, from, until }, path) {
  // Clocks and senders may err: a child counts for no more than its parent's time.
  const ends = childrenOf(listed, at)
    .map((child) => {
      const { start, end } = /** @type {Row} */ (listed[child]);
      return { at: child, from: Math.max(start, from), until: Math.min(end, until) };
    })
    .filter((child) => child.until > child.from)
    .sort((a, b) => b.until - a.until);
  /** @type {Part[]} */
  const parts = [];
  /** @type {Step[]} */
  const found = [];
  let moment = until;
  for (const child of ends) {
    if (child.until > moment) continue;
    if (moment > child.until) parts.push({ from: child.until, to: moment });
    found.push(child);
    moment = child.from;
  }
  if (moment > from) parts.push({ from, to: moment });
  path.set(at, parts);
  return found;
}
