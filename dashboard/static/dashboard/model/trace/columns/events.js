/**
 * @typedef {{name: string, at: number}} SpanEvent
 *
 * @typedef {object} PackedEvents
 * @property {Uint32Array} from where those of each span begin, and where the last end; empty for none
 * @property {Uint32Array} name numbers of texts
 * @property {Float64Array} at
 */

/** @type {readonly SpanEvent[]} */
const NONE = [];

/** What happened on spans, by the places at which they were taken in. */
export class Events {
  /** @type {Map<number, readonly SpanEvent[]>} those that came later */
  #later = new Map();
  #packed;
  #texts;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {PackedEvents} [packed]
   */
  constructor(texts, packed) {
    this.#texts = texts;
    this.#packed = packed;
  }

  /**
   * @param {number} place
   * @returns {readonly SpanEvent[]}
   */
  of(place) {
    const later = this.#later.get(place);
    if (later) return later;
    const { from, name, at } = this.#packed ?? {};
    if (!from || !name || !at) return NONE;
    const [first = 0, end = 0] = [from[place], from[place + 1]];
    if (end <= first) return NONE;
    return Array.from({ length: end - first }, (_, n) => ({
      name: this.#texts.at(name[first + n] ?? 0),
      at: at[first + n] ?? 0,
    }));
  }

  /**
   * @param {number} place
   * @param {readonly SpanEvent[]} events
   * @returns {void}
   */
  set(place, events) {
    if (events.length || this.of(place).length) this.#later.set(place, events);
  }

  /** @returns {boolean} whether there is any */
  get any() {
    return this.#later.size > 0 || (this.#packed?.name.length ?? 0) > 0;
  }
}
