import { learnSenders } from "../base/palette.js";
import { fetchBytes, fetchJson } from "./api.js";
import { SpanColumns } from "../model/trace/columns/span_columns.js";
import { unpacked } from "./packed.js";
import { firstMoment, sinceBase, spansOf } from "./revive.js";

/** @typedef {import("../model/trace/span.js").TraceLog} TraceLog */

const FIRST_PIECE = 500;
const PIECE = 20_000;
const LOGS = 1_000;
const MOST_LOGS = 20_000;

/** Loads a trace, and later only what is new of it. */
export class TraceLoader {
  spans = new SpanColumns();
  /** @type {Map<number, TraceLog>} */
  logs = new Map();
  /** @type {bigint | null} */
  base = null;
  total = 0;
  /** How often something has come: what was made of it stays until the next time. */
  changes = 0;
  /** Whether all that was stored has been loaded. */
  whole = false;
  #after = 0;

  /** @type {Promise<any> | null} the first piece, where the page has it already */
  #begun;

  /** @param {string} traceId */
  constructor(traceId) {
    this.traceId = traceId;
    const first = takeFirst();
    this.#begun = first?.traceId === traceId ? Promise.resolve(first) : null;
  }

  /**
   * Loads what is stored and not loaded yet.
   * @returns {AsyncGenerator<void>} a step for each part that has come
   */
  async *load() {
    this.whole = false;
    const logs = this.#newLogs();
    // Should the spans fail first, this is handled all the same, and reported once.
    logs.catch(() => {});
    yield* this.#after ? this.#rest(this.#after) : this.#first();
    for (const log of await logs) {
      if (!this.logs.has(log.seq)) this.changes += 1;
      this.base ??= BigInt(log.timeUnixNano);
      this.logs.set(log.seq, { ...log, at: sinceBase(log.timeUnixNano, this.base) });
    }
    this.whole = true;
    yield;
  }

  /**
   * The first spans, and then all of a large trace at once, packed.
   * @returns {AsyncGenerator<void>}
   */
  async *#first() {
    const cameWithThePage = this.#begun !== null;
    const first = await (this.#begun ?? this.#piece(0, FIRST_PIECE));
    this.#begun = null;
    // It is on its way while the first ones are drawn.
    const packed = first.next === null ? null : this.#packed();
    this.#addSpans(first);
    if (packed || cameWithThePage) yield;
    if (!packed) return;
    const { spans, base, last, next } = await packed;
    learnSenders(spans.services);
    this.spans = spans;
    this.changes += 1;
    this.base = base;
    this.#after = last;
    this.total = Math.max(this.total, spans.count);
    if (next !== null) yield* this.#rest(next);
  }

  /**
   * @param {number} after
   * @returns {AsyncGenerator<void>}
   */
  async *#rest(after) {
    let coming = this.#piece(after, PIECE);
    for (let more = true; more;) {
      const response = await coming;
      more = response.next !== null;
      // The next piece is on its way while this one is added and drawn.
      if (more) coming = this.#piece(response.next, PIECE);
      this.#addSpans(response);
      if (more) yield;
    }
  }

  /** @returns {Promise<import("./packed.js").Outline>} */
  #packed() {
    const packed = fetchBytes(`/api/traces/${this.traceId}/packed`).then(unpacked);
    packed.catch(() => {});
    return packed;
  }

  /**
   * @param {number} after
   * @param {number} limit
   * @returns {Promise<any>}
   */
  #piece(after, limit) {
    const cursor = after ? `&cursor=${after}` : "";
    const piece = fetchJson(
      `/api/traces/${this.traceId}/spans?fields=outline&limit=${limit}${cursor}`,
    );
    // When loading is stopped before it has come, nobody awaits it.
    piece.catch(() => {});
    return piece;
  }

  /** @returns {TraceLog[]} in the order of their times */
  orderedLogs() {
    return [...this.logs.values()].sort((a, b) => a.at - b.at || a.seq - b.seq);
  }

  /**
   * Finds the key of the span that a record of a service names.
   * @param {string} spanId
   * @param {string} service
   * @returns {string}
   */
  keyOf(spanId, service) {
    return this.spans.keyOf(spanId, service);
  }

  /**
   * Finds the key of the span that an address names: by its key, or by id, service and kind.
   * @param {string} text
   * @returns {string}
   */
  keyNamed(text) {
    const place = this.spans.placeOf(text);
    return place < 0 ? text : this.spans.keyAt(place);
  }

  /**
   * @param {any} response
   * @returns {void}
   */
  #addSpans(response) {
    if (response.rows.length) {
      this.changes += 1;
      this.base ??= firstMoment(response.columns, response.rows);
      for (const span of spansOf(response.columns, response.rows, this.base ?? 0n)) {
        learnSenders([span.service]);
        this.spans.add(span);
      }
    }
    this.#after = response.last;
    this.total = response.total;
  }

  /** @returns {Promise<any[]>} */
  async #newLogs() {
    /** @type {any[]} */
    let found = [];
    let cursor = "";
    do {
      const response = await fetchJson(`/api/logs?traceId=${this.traceId}&limit=${LOGS}${cursor}`);
      found = found.concat(response.logs);
      const known = response.logs.some((/** @type {TraceLog} */ log) => this.logs.has(log.seq));
      if (known || response.next === null) break;
      cursor = `&cursor=${response.next}`;
    } while (found.length < MOST_LOGS);
    return found;
  }
}

/**
 * Takes the piece of a trace that came with the page, once: later it is old.
 * @returns {any} null when there is none
 */
function takeFirst() {
  const element = globalThis.document?.getElementById("trace-first");
  element?.remove();
  return element ? JSON.parse(element.textContent ?? "null") : null;
}
