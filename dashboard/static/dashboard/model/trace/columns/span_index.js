const LEAST_ROOM = 64;
/** @type {readonly number[]} */
const NOBODY = [];

/** Which spans have which id. One has most; both sides of a call may share one, in some meshes. */
export class SpanIndex {
  /** @type {Int32Array} the first span of each id; -1 for none */
  #first;
  /** @type {Map<number, number[]>} the places of all spans of an id that several have */
  #sharing = new Map();

  /**
   * @param {Uint32Array} id of each span
   * @param {number} count
   * @param {number} ids
   */
  constructor(id, count, ids) {
    this.#first = new Int32Array(Math.max(LEAST_ROOM, ids)).fill(-1);
    for (let place = 0; place < count; place++) this.add(id[place] ?? 0, place);
  }

  /**
   * @param {number} id
   * @param {number} place
   * @returns {void}
   */
  add(id, place) {
    if (id >= this.#first.length) {
      const larger = new Int32Array(2 * id).fill(-1);
      larger.set(this.#first);
      this.#first = larger;
    }
    const first = this.firstOf(id);
    const sharing = this.#sharing.get(id);
    if (first < 0) this.#first[id] = place;
    else if (sharing) sharing.push(place);
    else this.#sharing.set(id, [first, place]);
  }

  /**
   * @param {number} id
   * @returns {number} the place of the first span that has it; -1 for none
   */
  firstOf(id) {
    return this.#first[id] ?? -1;
  }

  /**
   * @param {number} id
   * @returns {readonly number[] | undefined} undefined where no two spans share it
   */
  sharing(id) {
    return this.#sharing.get(id);
  }

  /**
   * @param {number} id
   * @returns {readonly number[]} the places of all spans that have it
   */
  all(id) {
    const first = this.firstOf(id);
    return this.#sharing.get(id) ?? (first < 0 ? NOBODY : [first]);
  }
}
