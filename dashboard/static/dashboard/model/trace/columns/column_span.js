/**
 * @typedef {import("./span_columns.js").SpanColumns} SpanColumns
 * @typedef {import("../span.js").Span} Span
 */

/** One span of the columns, which is read when somebody asks for it. */
export class ColumnSpan {
  #of;
  #place;

  /**
   * @param {SpanColumns} of
   * @param {number} place
   */
  constructor(of, place) {
    this.#of = of;
    this.#place = place;
  }

  /** @returns {string} */
  get key() {
    return this.#of.keyAt(this.#place);
  }

  /** @returns {string} */
  get spanId() {
    return this.#of.ids.text(this.#of.data.id[this.#place] ?? 0);
  }

  /** @returns {string} */
  get parentSpanId() {
    return this.#of.ids.text(this.#of.data.parent[this.#place] ?? 0);
  }

  /** @returns {string} */
  get name() {
    return this.#of.texts.at(this.#of.data.name[this.#place] ?? 0);
  }

  /** @returns {string} */
  get target() {
    return this.#of.texts.at(this.#of.data.target[this.#place] ?? 0);
  }

  /** @returns {string} */
  get service() {
    return this.#of.texts.at(this.#of.data.service[this.#place] ?? 0);
  }

  /** @returns {string} */
  get kind() {
    return this.#of.kindAt(this.#place);
  }

  /** @returns {number} */
  get start() {
    return this.#of.data.start[this.#place] ?? 0;
  }

  /** @returns {boolean} */
  get startUnknown() {
    return this.#of.startUnknownAt(this.#place);
  }

  /** @returns {number | null} */
  get end() {
    return this.#of.endAt(this.#place);
  }

  /** @returns {Span["state"]} */
  get state() {
    return this.#of.stateAt(this.#place);
  }

  /** @returns {boolean} */
  get failed() {
    return this.#of.failedAt(this.#place);
  }

  /** @returns {string | null} */
  get errorKind() {
    return this.#of.errorKindAt(this.#place);
  }

  /** @returns {readonly import("./events.js").SpanEvent[]} */
  get events() {
    return this.#of.eventsAt(this.#place);
  }

  /** @returns {boolean} */
  get cut() {
    return this.#of.cutAt(this.#place);
  }
}
