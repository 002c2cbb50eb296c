/**
 * @typedef {object} Stop A moment at which something is drawn.
 * @property {number} at nanoseconds from the trace's base
 * @property {number} rank of those at one moment, which comes first
 * @property {number} above the room that it needs above itself
 * @property {number} below
 * @property {number} [y]
 */

/**
 * Time, downwards: as far apart as what is drawn needs, and a little more the longer it took. Later
 * is never above earlier.
 */
export class Descent {
  /** @type {Array<{at: number, y: number}>} */
  #steps = [];

  /**
   * @param {Stop[]} stops get their `y`
   * @param {number} top
   * @param {{stretch?: number, perDecade?: number}} [ways] by how much longer the ways between them
   *   are, and how much is added for each decade of milliseconds
   */
  constructor(stops, top, { stretch = 1, perDecade = 5 } = {}) {
    const ordered = stops.toSorted((a, b) => a.at - b.at || a.rank - b.rank);
    let [y, before] = [top, /** @type {Stop | null} */ (null)];
    for (const stop of ordered) {
      if (before) {
        const ms = (stop.at - before.at) / 1e6;
        const room = Math.max(stop.above, before.below) + perDecade * Math.log10(1 + ms);
        y += room * stretch;
      }
      stop.y = y;
      this.#steps.push({ at: stop.at, y });
      before = stop;
    }
    this.bottom = y;
  }

  /**
   * @param {number} moment
   * @returns {number}
   */
  y(moment) {
    return between(this.#steps, moment, "at", "y");
  }

  /**
   * The moment at a height; the inverse of `y`.
   * @param {number} y
   * @returns {number}
   */
  moment(y) {
    return between(this.#steps, y, "y", "at");
  }
}

/**
 * @param {Array<{at: number, y: number}>} steps
 * @param {number} value
 * @param {"at" | "y"} from
 * @param {"at" | "y"} to
 * @returns {number}
 */
function between(steps, value, from, to) {
  const next = steps.findIndex((each) => each[from] > value);
  const [before, after] = [steps.at(next < 0 ? -1 : Math.max(0, next - 1)), steps[next]];
  if (!before) return 0;
  if (!after || value <= before[from]) return before[to];
  return before[to] +
    ((value - before[from]) / (after[from] - before[from])) * (after[to] - before[to]);
}
