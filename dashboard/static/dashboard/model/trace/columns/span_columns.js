import { CALLEES, CALLERS, KINDS, MOST_SHARING } from "../span.js";
import { ColumnSpan } from "./column_span.js";
import { Events } from "./events.js";
import { Ids } from "./ids.js";
import { CUT, emptyData, FAILED, grown, NONE, START_UNKNOWN, STATES, taken } from "./span_data.js";
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
  /** @type {Int32Array | null} the first span of each id, made when it is asked for; -1 for none */
  #first = null;
  /** @type {Map<number, number[]>} the places of all spans of an id that several have */
  #sharing = new Map();
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
    let place = this.#withId(id).find((each) => this.#is(each, service, kind));
    if (place === undefined) {
      place = this.count++;
      if (place === this.data.id.length) this.data = grown(this.data, 2 * place);
      this.#note(id, place);
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
    if (this.firstOf(id) === place) return text;
    return `${text} ${this.texts.at(this.data.service[place] ?? 0)} ${this.kindAt(place)}`;
  }

  /**
   * @param {string} key
   * @returns {number} -1 when no span has it
   */
  placeOf(key) {
    if (this.#part) return this.#part.places[this.#part.of.placeOf(key)] ?? -1;
    const [spanId = "", ...rest] = key.split(" ");
    const id = this.ids.numberOf(spanId);
    if (id < 0 || !rest.length) return this.firstOf(id);
    const kind = KINDS.indexOf(rest.pop() ?? "");
    const service = this.texts.numberOf(rest.join(" "));
    return this.#withId(id).find((place) => this.#is(place, service, kind)) ?? -1;
  }

  /**
   * Finds the key of the span that a record of a service names by its id alone.
   * @param {string} spanId
   * @param {string} service
   * @returns {string}
   */
  keyOf(spanId, service) {
    const number = this.texts.numberOf(service);
    const places = this.#withId(this.ids.numberOf(spanId));
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
      const sharing = this.#sharing.get(id[place] ?? 0);
      const caller = sharing?.slice(0, MOST_SHARING)
        .find((each) => CALLER.includes(kind[each] ?? 0));
      if (caller !== undefined) return caller;
    }
    const named = parent[place] ?? NONE;
    if (named === NONE || named === id[place]) return -1;
    const sharing = this.#sharing.get(named);
    if (!sharing) return this.firstOf(named);
    const own = sharing.slice(0, MOST_SHARING).find((each) => service[each] === service[place]);
    return own ?? sharing[0] ?? -1;
  }

  /**
   * @param {number} id
   * @returns {number} the place of the first span that has it; -1 for none
   */
  firstOf(id) {
    return this.#firsts()[id] ?? -1;
  }

  /** @param {number} place @returns {boolean} whether another span has the same id */
  sharedAt(place) {
    return this.#sharing.has(this.data.id[place] ?? 0);
  }

  /** @param {number} place @returns {string} */
  kindAt(place) {
    return KINDS[this.data.kind[place] ?? 0] ?? "";
  }

  /** @param {number} place @returns {number | null} */
  endAt(place) {
    const end = this.data.end[place] ?? NaN;
    return Number.isNaN(end) ? null : end;
  }

  /** @param {number} place @returns {Span["state"]} */
  stateAt(place) {
    return STATES[this.data.state[place] ?? 0] ?? "open";
  }

  /** @param {number} place @returns {boolean} */
  startUnknownAt(place) {
    return ((this.data.flags[place] ?? 0) & START_UNKNOWN) !== 0;
  }

  /** @param {number} place @returns {boolean} */
  failedAt(place) {
    return ((this.data.flags[place] ?? 0) & FAILED) !== 0;
  }

  /** @param {number} place @returns {boolean} */
  cutAt(place) {
    return ((this.data.flags[place] ?? 0) & CUT) !== 0;
  }

  /** @param {number} place @returns {string | null} */
  errorKindAt(place) {
    const error = this.data.error[place] ?? NONE;
    return error === NONE ? null : this.texts.at(error);
  }

  /** @param {number} place @returns {readonly import("./events.js").SpanEvent[]} */
  eventsAt(place) {
    const events = this.events.of(this.#part?.taken[place] ?? place);
    if (!events.length || !this.cutAt(place)) return events;
    const until = this.#until(place);
    return events.filter(({ at }) => at <= until);
  }

  /** @returns {string[]} whose they are */
  get services() {
    const found = new Set(this.data.service.subarray(0, this.count));
    return [...found].map((number) => this.texts.at(number));
  }

  /** @returns {boolean} whether a span of them runs */
  get running() {
    const open = STATES.indexOf("open");
    for (let place = 0; place < this.count; place++) {
      if (this.data.state[place] === open) return true;
    }
    return false;
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

  /** @returns {Int32Array} */
  #firsts() {
    if (this.#first) return this.#first;
    this.#first = new Int32Array(Math.max(LEAST_ROOM, this.ids.count)).fill(-1);
    for (let place = 0; place < this.count; place++) this.#note(this.data.id[place] ?? 0, place);
    return this.#first;
  }

  /**
   * @param {number} id
   * @param {number} place
   * @returns {void}
   */
  #note(id, place) {
    let first = this.#firsts();
    if (id >= first.length) {
      const larger = new Int32Array(2 * Math.max(id, first.length)).fill(-1);
      larger.set(first);
      this.#first = first = larger;
    }
    const known = first[id] ?? -1;
    if (known === place) return;
    if (known < 0) first[id] = place;
    else {
      const sharing = this.#sharing.get(id);
      if (sharing) sharing.push(place);
      else this.#sharing.set(id, [known, place]);
    }
  }

  /**
   * @param {number} id
   * @returns {readonly number[]}
   */
  #withId(id) {
    const first = this.firstOf(id);
    return this.#sharing.get(id) ?? (first < 0 ? [] : [first]);
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
