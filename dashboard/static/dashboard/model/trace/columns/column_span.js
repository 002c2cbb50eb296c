import { CUT, FAILED, hasFlag, kindAt, NONE, START_UNKNOWN, STATES } from "./span_data.js";

/**
 * @typedef {import("../span.js").Span} Span
 * @typedef {import("./events.js").SpanEvent} SpanEvent
 *
 * @typedef {object} Columns What a span is read from.
 * @property {import("./span_data.js").SpanData} data
 * @property {import("./ids.js").Ids} ids
 * @property {import("./texts.js").Texts} texts
 * @property {(place: number) => string} keyAt
 * @property {(place: number) => readonly SpanEvent[]} eventsAt
 */

/** One span of the columns, which is read when somebody asks for it. */
export class ColumnSpan {
  #of;
  #place;

  /**
   * @param {Columns} of
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
    return kindAt(this.#of.data, this.#place);
  }

  /** @returns {number} */
  get start() {
    return this.#of.data.start[this.#place] ?? 0;
  }

  /** @returns {boolean} */
  get startUnknown() {
    return hasFlag(this.#of.data, this.#place, START_UNKNOWN);
  }

  /** @returns {number | null} */
  get end() {
    const end = this.#of.data.end[this.#place] ?? NaN;
    return Number.isNaN(end) ? null : end;
  }

  /** @returns {Span["state"]} */
  get state() {
    return STATES[this.#of.data.state[this.#place] ?? 0] ?? "open";
  }

  /** @returns {boolean} */
  get failed() {
    return hasFlag(this.#of.data, this.#place, FAILED);
  }

  /** @returns {string | null} */
  get errorKind() {
    const error = this.#of.data.error[this.#place] ?? NONE;
    return error === NONE ? null : this.#of.texts.at(error);
  }

  /** @returns {readonly SpanEvent[]} */
  get events() {
    return this.#of.eventsAt(this.#place);
  }

  /** @returns {boolean} */
  get cut() {
    return hasFlag(this.#of.data, this.#place, CUT);
  }
}
