import { CALLEES, CALLERS, KINDS, MOST_SHARING } from "../span.js";
import { ColumnSpan } from "./column_span.js";
import { Events } from "./events.js";
import { Ids } from "./ids.js";
import {
  CUT,
  emptyData,
  FAILED,
  grown,
  hasFlag,
  kindAt,
  NONE,
  START_UNKNOWN,
  STATES,
  taken,
} from "./span_data.js";
import { SpanIndex } from "./span_index.js";
import { Texts } from "./texts.js";

/**
 * @typedef {import("../span.js").Span} Span
 * @typedef {import("./span_data.js").SpanData} SpanData
 *
 * @typedef {object} Part Some of all spans, whose keys are theirs.
 * @property {SpanColumns} of
 * @property {Uint32Array} taken their places there
 * @property {Int32Array} places the other way round; -1 for those that were left out
 */

const LEAST_ROOM = 64;
const CALLER = CALLERS.map((kind) => KINDS.indexOf(kind));
const CALLEE = CALLEES.map((kind) => KINDS.indexOf(kind));

/**
 * The spans of a trace in columns of numbers: a hundred thousand are a few arrays instead of as many
 * objects. Each has a place, in the order in which they came; what came again replaces what was there.
 */
export class SpanColumns {
  /** @type {SpanIndex | null} made when it is asked for */
  #byId = null;
  /** @type {Part | null} what they are a part of */
  #part = null;
  /** @type {(place: number) => number} until when what is cut is shown, by its own clock */
  #until = () => Infinity;

  /**
   * @param {object} [packed]
   * @param {SpanData} [packed.data]
   * @param {number} [packed.count]
   * @param {Ids} [packed.ids]
   * @param {Texts} [packed.texts]
   * @param {Events} [packed.events]
   */
  constructor(packed = {}) {
    this.data = packed.data ?? emptyData(LEAST_ROOM);
    this.count = packed.count ?? 0;
    this.ids = packed.ids ?? new Ids();
    this.texts = packed.texts ?? new Texts();
    this.events = packed.events ?? new Events(this.texts);
  }

  /**
   * @param {Iterable<Span> | SpanColumns} spans
   * @returns {SpanColumns}
   */
  static of(spans) {
    if (spans instanceof SpanColumns) return spans;
    const columns = new SpanColumns();
    for (const span of spans) columns.add(span);
    return columns;
  }

  /**
   * Takes a span in; the same one again replaces what was known of it.
   * @param {Omit<Span, "key">} span
   * @returns {void}
   */
  add(span) {
    const id = this.ids.add(span.spanId);
    const [kind, service] = [Math.max(0, KINDS.indexOf(span.kind)), this.texts.add(span.service)];
    let place = this.#index.all(id).find((each) => this.#is(each, service, kind));
    if (place === undefined) {
      place = this.count++;
      if (place === this.data.id.length) this.data = grown(this.data, 2 * place);
      this.#index.add(id, place);
    }
    const { data } = this;
    data.id[place] = id;
    data.parent[place] = span.parentSpanId ? this.ids.add(span.parentSpanId) : NONE;
    data.name[place] = this.texts.add(span.name);
    data.target[place] = span.target ? this.texts.add(span.target) : NONE;
    data.service[place] = service;
    data.error[place] = span.errorKind === null ? NONE : this.texts.add(span.errorKind);
    data.start[place] = span.start;
    data.end[place] = span.end ?? NaN;
    data.kind[place] = kind;
    data.state[place] = STATES.indexOf(span.state);
    data.flags[place] = (span.startUnknown ? START_UNKNOWN : 0) | (span.failed ? FAILED : 0) |
      (span.cut ? CUT : 0);
    this.events.set(place, span.events);
  }

  /**
   * @param {number} place
   * @returns {ColumnSpan}
   */
  span(place) {
    return new ColumnSpan(this, place);
  }

  /** @returns {IterableIterator<ColumnSpan>} */
  *[Symbol.iterator]() {
    for (let place = 0; place < this.count; place++) yield this.span(place);
  }

  /**
   * @param {number} place
   * @returns {string} the span's id; more, where another one that has it came before
   */
  keyAt(place) {
    if (this.#part) return this.#part.of.keyAt(this.#part.taken[place] ?? 0);
    const id = this.data.id[place] ?? 0;
    const text = this.ids.text(id);
    if (this.#index.firstOf(id) === place) return text;
    return `${text} ${this.texts.at(this.data.service[place] ?? 0)} ${kindAt(this.data, place)}`;
  }

  /**
   * @param {string} key
   * @returns {number} -1 when no span has it
   */
  placeOf(key) {
    if (this.#part) return this.#part.places[this.#part.of.placeOf(key)] ?? -1;
    const [spanId = "", ...rest] = key.split(" ");
    const id = this.ids.numberOf(spanId);
    if (id < 0 || !rest.length) return this.#index.firstOf(id);
    const kind = KINDS.indexOf(rest.pop() ?? "");
    const service = this.texts.numberOf(rest.join(" "));
    return this.#index.all(id).find((place) => this.#is(place, service, kind)) ?? -1;
  }

  /**
   * Finds the key of the span that a record of a service names by its id alone.
   * @param {string} spanId
   * @param {string} service
   * @returns {string}
   */
  keyOf(spanId, service) {
    const number = this.texts.numberOf(service);
    const places = this.#index.all(this.ids.numberOf(spanId));
    const place = places.find((each) => this.data.service[each] === number);
    return place === undefined ? spanId : this.keyAt(place);
  }

  /**
   * Finds a span's parent, as `parentIn` does.
   * @param {number} place
   * @returns {number} -1 for none
   */
  parentOf(place) {
    const { id, parent, kind, service } = this.data;
    if (CALLEE.includes(kind[place] ?? 0)) {
      const sharing = this.#index.sharing(id[place] ?? 0);
      const caller = sharing?.slice(0, MOST_SHARING)
        .find((each) => CALLER.includes(kind[each] ?? 0));
      if (caller !== undefined) return caller;
    }
    const named = parent[place] ?? NONE;
    if (named === NONE || named === id[place]) return -1;
    const sharing = this.#index.sharing(named);
    if (!sharing) return this.#index.firstOf(named);
    const own = sharing.slice(0, MOST_SHARING).find((each) => service[each] === service[place]);
    return own ?? sharing[0] ?? -1;
  }

  /** @param {number} place @returns {boolean} whether another span has the same id */
  sharedAt(place) {
    return this.#index.sharing(this.data.id[place] ?? 0) !== undefined;
  }

  /** @param {number} place @returns {boolean} */
  failedAt(place) {
    return hasFlag(this.data, place, FAILED);
  }

  /** @param {number} place @returns {readonly import("./events.js").SpanEvent[]} */
  eventsAt(place) {
    const events = this.events.of(this.#part?.taken[place] ?? place);
    if (!events.length || !hasFlag(this.data, place, CUT)) return events;
    const until = this.#until(place);
    return events.filter(({ at }) => at <= until);
  }

  /** @returns {string[]} whose they are */
  get services() {
    const found = new Set(this.data.service.subarray(0, this.count));
    return [...found].map((number) => this.texts.at(number));
  }

  /**
   * @param {string} service
   * @returns {SpanColumns} of its spans alone
   */
  ofService(service) {
    const number = this.texts.numberOf(service);
    return this.#some((place) => this.data.service[place] === number);
  }

  /**
   * What had begun by a moment: what went on then has no end, and did not fail yet.
   * @param {number} at
   * @param {import("../span.js").Offsets} offsets
   * @returns {SpanColumns}
   */
  until(at, offsets) {
    const byService = this.texts.all.map((service) => at - (offsets[service] ?? 0));
    const local = (/** @type {number} */ service) => byService[service] ?? at;
    const begun = this.#some((place) =>
      (this.data.start[place] ?? 0) <= local(this.data.service[place] ?? 0)
    );
    const { data } = begun;
    begun.#until = (place) => local(data.service[place] ?? 0);
    for (let place = 0; place < begun.count; place++) {
      if ((data.end[place] ?? NaN) <= local(data.service[place] ?? 0)) continue;
      data.end[place] = NaN;
      data.state[place] = STATES.indexOf("open");
      data.error[place] = NONE;
      data.flags[place] = ((data.flags[place] ?? 0) & ~FAILED) | CUT;
    }
    return begun;
  }

  /**
   * @param {(place: number) => boolean} wanted
   * @returns {SpanColumns}
   */
  #some(wanted) {
    const all = new Uint32Array(this.count);
    let count = 0;
    for (let place = 0; place < this.count; place++) if (wanted(place)) all[count++] = place;
    const found = all.slice(0, count);
    const { ids, texts, events } = this;
    const part = new SpanColumns({ data: taken(this.data, found), count, ids, texts, events });
    const [of, before] = [this.#part?.of ?? this, this.#part?.taken];
    const places = new Int32Array(of.count).fill(-1);
    const from = before ? found.map((place) => before[place] ?? 0) : found;
    from.forEach((place, at) => places[place] = at);
    part.#part = { of, taken: from, places };
    return part;
  }

  /** @returns {SpanIndex} */
  get #index() {
    return this.#byId ??= new SpanIndex(this.data.id, this.count, this.ids.count);
  }

  /**
   * @param {number} place
   * @param {number} service
   * @param {number} kind
   * @returns {boolean}
   */
  #is(place, service, kind) {
    return this.data.service[place] === service && this.data.kind[place] === kind;
  }
}
