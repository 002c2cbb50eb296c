/**
 * @typedef {import("./folding.js").Silence} Silence
 * @typedef {{from: number, to: number, left: number, right: number}} Segment A time, and where it is.
 */

const BREAK_WIDTH = 0.06;
const MOST_FOR_BREAKS = 0.4;
const DEALT_EQUALLY = 0.3;
const MOST_TICKS = 100;
const TICK_PX = 110;

/**
 * Turns moments into positions from 0 to 1 and back, with silences folded into breaks of fixed
 * width. Of the room between them a part is dealt out equally, so that a short burst between two
 * silences can be read.
 */
export class Axis {
  /** @type {Segment[]} */
  #segments = [];

  /**
   * @param {number} first in nanoseconds from the trace's base
   * @param {number} last
   * @param {Silence[]} [folded]
   */
  constructor(first, last, folded = []) {
    this.first = first;
    this.last = Math.max(last, first + 1);
    this.folded = folded.filter((each) => each.from >= this.first && each.to <= this.last);
    const silent = this.folded.reduce((sum, each) => sum + (each.to - each.from), 0);
    this.active = this.last - this.first - silent || 1;
    const count = this.folded.length;
    const width = count ? Math.min(BREAK_WIDTH, MOST_FOR_BREAKS / count) : 0;
    const room = 1 - width * count;
    const equal = count ? DEALT_EQUALLY / (count + 1) : 0;
    const share = count ? 1 - DEALT_EQUALLY : 1;
    let [from, left] = [this.first, 0];
    for (const each of [...this.folded, { from: this.last, to: this.last }]) {
      const right = left + room * (equal + share * ((each.from - from) / this.active));
      this.#segments.push({ from, to: each.from, left, right });
      this.#segments.push({ from: each.from, to: each.to, left: right, right: right + width });
      [from, left] = [each.to, right + width];
    }
  }

  /**
   * @param {number} moment
   * @returns {number} from 0 to 1; what lies outside of the axis is at its nearer end
   */
  position(moment) {
    const within = this.#segments.find((each) => moment <= each.to && each.to > each.from);
    if (!within) return 1;
    const { from, to, left, right } = within;
    return clamped(left + ((moment - from) / (to - from)) * (right - left));
  }

  /**
   * The moment at a position; the inverse of `position`.
   * @param {number} position
   * @returns {number}
   */
  moment(position) {
    const at = clamped(position);
    const within = this.#segments.find((each) => at <= each.right && each.right > each.left);
    if (!within) return this.last;
    const { from, to, left, right } = within;
    return Math.min(this.last, from + ((at - left) / (right - left)) * (to - from));
  }

  /**
   * Moments for the marks of the axis: round ones from `zero` on, none within a break, at most
   * about `count`.
   * @param {number} count
   * @param {number} [zero]
   * @returns {number[]}
   */
  ticks(count, zero = this.first) {
    const interval = this.active / count;
    const magnitude = 10 ** Math.floor(Math.log10(Math.max(interval, 1)));
    const step = Math.round(
      magnitude * ([1, 2, 5, 10].find((each) => each * magnitude >= interval) ?? 10),
    );
    /** @type {number[]} */
    const found = [];
    let at = Math.ceil((this.first - zero) / step) * step;
    while (zero + at <= this.last && found.length < MOST_TICKS) {
      const moment = zero + at;
      const silence = this.folded.find((each) => moment > each.from && moment < each.to);
      const before = found.at(-1);
      if (silence) {
        // On to the first mark after it.
        at = Math.floor((silence.to - zero) / step) * step;
      } else if (
        before === undefined || this.position(moment) - this.position(before) > 0.5 / count
      ) {
        found.push(moment);
      }
      at += step;
    }
    return found;
  }
}

/**
 * How many marks an axis has room for.
 * @param {number} widthPx
 * @returns {number} from 2 to 8
 */
export function tickCount(widthPx) {
  return Math.min(8, Math.max(2, Math.floor(widthPx / TICK_PX)));
}

/**
 * @param {number} position
 * @returns {number}
 */
function clamped(position) {
  return Math.min(1, Math.max(0, position));
}
