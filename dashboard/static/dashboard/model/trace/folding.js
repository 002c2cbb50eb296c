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
 * @param {ArrayLike<number>} ordered the moments at which something begins, ends or is logged, in
 *   nanoseconds, in their order
 * @returns {Silence[]}
 */
export function silences(ordered) {
  const gaps = gapsIn(ordered, 0, ordered.length - 1);
  const length = (/** @type {Silence} */ gap) => gap.to - gap.from;
  let left = (ordered[ordered.length - 1] ?? 0) - (ordered[0] ?? 0);
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

/**
 * The gaps between moments that are long enough; of most parts of a large trace their length says
 * that there is none.
 * @param {ArrayLike<number>} ordered
 * @param {number} first
 * @param {number} last
 * @returns {Silence[]}
 */
function gapsIn(ordered, first, last) {
  const [from, to] = [ordered[first] ?? 0, ordered[last] ?? 0];
  if (first >= last || to - from <= SHORTEST_NS) return [];
  if (last - first === 1) return [{ from, to }];
  const middle = (first + last) >> 1;
  return gapsIn(ordered, first, middle).concat(gapsIn(ordered, middle, last));
}
