/** @typedef {import("./folding.js").Silence} Silence */

const ROOM_OF_A_BREAK = 0.04;
const MOST_TICKS = 100;

/** Turns moments into places from 0 to 1 and back, with silences folded into breaks of fixed width. */
export class Axis {
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
    this.lively = this.last - this.first - silent || 1;
    this.room = 1 - ROOM_OF_A_BREAK * this.folded.length;
  }

  /**
   * @param {number} moment
   * @returns {number} from 0 to 1; what lies outside of the axis stands at its nearer end
   */
  place(moment) {
    let lively = moment - this.first;
    let breaks = 0;
    for (const each of this.folded) {
      if (moment >= each.to) {
        lively -= each.to - each.from;
        breaks += 1;
      } else if (moment > each.from) {
        lively -= moment - each.from;
        breaks += (moment - each.from) / (each.to - each.from);
      }
    }
    const place = (lively / this.lively) * this.room + breaks * ROOM_OF_A_BREAK;
    return Math.min(1, Math.max(0, place));
  }

  /**
   * The moment that stands at a place; the reverse of `place`.
   * @param {number} place
   * @returns {number}
   */
  moment(place) {
    let left = Math.min(1, Math.max(0, place));
    let from = this.first;
    const stretch = this.lively / this.room;
    for (const each of this.folded) {
      const room = (each.from - from) / stretch;
      if (left <= room) return from + left * stretch;
      left -= room;
      if (left <= ROOM_OF_A_BREAK) {
        return each.from + (left / ROOM_OF_A_BREAK) * (each.to - each.from);
      }
      left -= ROOM_OF_A_BREAK;
      from = each.to;
    }
    return Math.min(this.last, from + left * stretch);
  }

  /**
   * Moments for the marks of the axis: round ones from `zero` on, none within a break, at most
   * about `count`.
   * @param {number} count
   * @param {number} [zero]
   * @returns {number[]}
   */
  ticks(count, zero = this.first) {
    const wanted = this.lively / count;
    const magnitude = 10 ** Math.floor(Math.log10(Math.max(wanted, 1)));
    const step = Math.round(
      magnitude * ([1, 2, 5, 10].find((each) => each * magnitude >= wanted) ?? 10),
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
      } else if (before === undefined || this.place(moment) - this.place(before) > 0.5 / count) {
        found.push(moment);
      }
      at += step;
    }
    return found;
  }
}
