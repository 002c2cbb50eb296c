const FEW = 32;

/**
 * Which spans stand below which, in the order of their starts: those of each span side by side in one
 * array, the roots after all others.
 */
export class Siblings {
  /** @type {Uint32Array} */
  #begins;

  /**
   * @param {import("./span_columns.js").SpanColumns} columns
   * @param {Float64Array} start
   */
  constructor(columns, start) {
    const { count } = columns;
    /** @type {Uint32Array} the place of each span's parent; that of a root is one beyond all */
    this.parent = new Uint32Array(count);
    this.#begins = new Uint32Array(count + 2);
    for (let place = 0; place < count; place++) {
      const above = columns.parentOf(place);
      const parent = above < 0 ? count : above;
      this.parent[place] = parent;
      this.#begins[parent + 1] = (this.#begins[parent + 1] ?? 0) + 1;
    }
    for (let n = 1; n < this.#begins.length; n++) {
      this.#begins[n] = (this.#begins[n] ?? 0) + (this.#begins[n - 1] ?? 0);
    }
    /** @type {Uint32Array} */
    const filled = this.#begins.slice();
    this.ordered = new Uint32Array(count);
    for (let place = 0; place < count; place++) {
      /** @type {number} */
      const parent = this.parent[place] ?? 0;
      const at = filled[parent] ?? 0;
      this.ordered[at] = place;
      filled[parent] = at + 1;
    }
    for (let parent = 0; parent <= count; parent++) {
      order(this.ordered, this.beginOf(parent), this.endOf(parent), start);
    }
  }

  /** @param {number} place @returns {boolean} */
  isRoot(place) {
    return this.parent[place] === this.parent.length;
  }

  /**
   * @param {number} parent
   * @returns {number} where in `ordered` those below it begin
   */
  beginOf(parent) {
    return this.#begins[parent] ?? 0;
  }

  /**
   * @param {number} parent
   * @returns {number} where they end
   */
  endOf(parent) {
    return this.#begins[parent + 1] ?? 0;
  }
}

/**
 * Orders a part of some places by their starts; of equal ones the first that came is first.
 * @param {Uint32Array} places
 * @param {number} from
 * @param {number} to
 * @param {Float64Array} start
 * @returns {void}
 */
export function order(places, from, to, start) {
  const by = (/** @type {number} */ a, /** @type {number} */ b) =>
    (start[a] ?? 0) - (start[b] ?? 0) || a - b;
  let ordered = true;
  for (let n = from + 1; n < to && ordered; n++) {
    ordered = by(places[n - 1] ?? 0, places[n] ?? 0) < 0;
  }
  if (ordered) return;
  if (to - from > FEW) {
    places.subarray(from, to).sort(by);
    return;
  }
  for (let n = from + 1; n < to; n++) {
    const place = places[n] ?? 0;
    let hole = n;
    for (; hole > from && by(places[hole - 1] ?? 0, place) > 0; hole--) {
      places[hole] = places[hole - 1] ?? 0;
    }
    places[hole] = place;
  }
}
