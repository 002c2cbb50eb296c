/**
 * @typedef {object} Silence A long time in which nothing begins, ends or is logged.
 * @property {bigint} from
 * @property {bigint} to
 */

const SHARE_OF_TRACE = 5n;
const SHORTEST_NS = 50_000_000n;
const ROOM_OF_A_BREAK = 0.04;
const EDGE_NS = 20_000_000n;
const MOST_TICKS = 100;

/**
 * Finds the silences of a trace that are worth folding: longer than 50 ms, and than a fifth of what
 * is left of the trace once longer ones are folded. A little of each side is left, so that what
 * borders on it is seen to go on.
 * @param {bigint[]} moments at which something begins, ends or is logged
 * @returns {Silence[]}
 */
export function silences(moments) {
  const ordered = [...new Set(moments)].sort((a, b) => a < b ? -1 : 1);
  const gaps = ordered.slice(1).map((to, index) => ({ from: ordered[index] ?? to, to }));
  const length = (/** @type {Silence} */ gap) => gap.to - gap.from;
  let left = gaps.reduce((sum, gap) => sum + length(gap), 0n);
  /** @type {Silence[]} */
  const found = [];
  for (const gap of [...gaps].sort((a, b) => length(a) > length(b) ? -1 : 1)) {
    if (length(gap) <= max(left / SHARE_OF_TRACE, SHORTEST_NS)) break;
    left -= length(gap);
    found.push(gap);
  }
  return found
    .sort((a, b) => a.from < b.from ? -1 : 1)
    .map((gap) => {
      const edge = min(EDGE_NS, length(gap) / 4n);
      return { from: gap.from + edge, to: gap.to - edge };
    });
}

/** Turns moments into places from 0 to 1, with silences folded into breaks of fixed width. */
export class Axis {
  /**
   * @param {bigint} first
   * @param {bigint} last
   * @param {Silence[]} folded
   */
  constructor(first, last, folded = []) {
    this.first = first;
    this.last = max(last, first + 1n);
    this.folded = folded;
    const silent = folded.reduce((sum, each) => sum + (each.to - each.from), 0n);
    this.lively = Number(this.last - this.first - silent) || 1;
    this.room = 1 - ROOM_OF_A_BREAK * folded.length;
  }

  /**
   * @param {bigint} moment
   * @returns {number} from 0 to 1
   */
  place(moment) {
    let lively = moment - this.first;
    let breaks = 0;
    for (const each of this.folded) {
      if (moment >= each.to) {
        lively -= each.to - each.from;
        breaks += 1;
      } else if (moment > each.from) {
        const share = Number(moment - each.from) / Number(each.to - each.from);
        lively -= moment - each.from;
        breaks += share;
      }
    }
    const place = (Number(lively) / this.lively) * this.room + breaks * ROOM_OF_A_BREAK;
    return Math.min(1, Math.max(0, place));
  }

  /**
   * Moments for the marks of the axis: round ones, none within a break, at most about `count`.
   * @param {number} count
   * @returns {bigint[]}
   */
  ticks(count) {
    const wanted = this.lively / count;
    const magnitude = 10 ** Math.floor(Math.log10(Math.max(wanted, 1)));
    const step = BigInt(Math.round(
      magnitude * ([1, 2, 5, 10].find((each) => each * magnitude >= wanted) ?? 10),
    ));
    /** @type {bigint[]} */
    const found = [];
    let at = 0n;
    while (this.first + at <= this.last && found.length < MOST_TICKS) {
      const moment = this.first + at;
      const silence = this.folded.find((each) => moment > each.from && moment < each.to);
      const before = found.at(-1);
      if (silence) {
        // On to the first mark after it.
        at = ((silence.to - this.first) / step) * step;
      } else if (before === undefined || this.place(moment) - this.place(before) > 0.5 / count) {
        found.push(moment);
      }
      at += step;
    }
    return found;
  }
}

/**
 * @param {bigint} a
 * @param {bigint} b
 * @returns {bigint}
 */
function max(a, b) {
  return a > b ? a : b;
}

/**
 * @param {bigint} a
 * @param {bigint} b
 * @returns {bigint}
 */
function min(a, b) {
  return a < b ? a : b;
}
