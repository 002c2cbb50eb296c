/**
 * @typedef {object} Silence A long time in which nothing begins, ends or is logged.
 * @property {number} from
 * @property {number} to
 */

const SHARE_OF_TRACE = 5;
const SHORTEST_NS = 50_000_000;
const EDGE_NS = 20_000_000;
const MOST_SILENCES = 8;

/**
 * Finds the silences of a trace that are worth folding: longer than 50 ms, and than a fifth of what
 * is left of the trace once longer ones are folded. A little of each side is left, so that what
 * borders on it is seen to go on.
 * @param {Iterable<number>} moments at which something begins, ends or is logged, in nanoseconds
 * @returns {Silence[]}
 */
export function silences(moments) {
  const ordered = Float64Array.from(moments).sort();
  /** @type {Silence[]} */
  const gaps = [];
  for (let n = 1; n < ordered.length; n++) {
    const [from, to] = [ordered[n - 1] ?? 0, ordered[n] ?? 0];
    if (to - from > SHORTEST_NS) gaps.push({ from, to });
  }
  const length = (/** @type {Silence} */ gap) => gap.to - gap.from;
  let left = (ordered.at(-1) ?? 0) - (ordered[0] ?? 0);
  /** @type {Silence[]} */
  const found = [];
  for (const gap of gaps.sort((a, b) => length(b) - length(a))) {
    if (length(gap) <= left / SHARE_OF_TRACE || found.length === MOST_SILENCES) break;
    left -= length(gap);
    found.push(gap);
  }
  return found
    .sort((a, b) => a.from - b.from)
    .map((gap) => {
      const edge = Math.min(EDGE_NS, length(gap) / 4);
      return { from: gap.from + edge, to: gap.to - edge };
    });
}
