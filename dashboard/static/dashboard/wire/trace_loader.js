import { learnSenders } from "../base/palette.js";
import { fetchJson } from "./api.js";
import { keyFor, keyOf } from "../model/trace/span.js";
import { firstMoment, sinceBase, spansOf } from "./revive.js";

/**
 * @typedef {import("../model/trace/span.js").TraceLog} TraceLog
 * @typedef {import("../model/trace/span.js").Span} Span
 */

const FIRST_PIECE = 500;
const PIECE = 20_000;
const LOGS = 1_000;
const MOST_LOGS = 20_000;

/** Loads a trace in pieces, and later only what is new of it. */
export class TraceLoader {
  /** @type {Map<string, Span>} by their keys */
  spans = new Map();
  /** @type {Map<number, TraceLog>} */
  logs = new Map();
  /** @type {bigint | null} */
  base = null;
  total = 0;
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
   * @returns {AsyncGenerator<void>} a step for each piece that has come
   */
  async *load() {
    this.whole = false;
    const logs = this.#newLogs();
    // Should the spans fail first, this is handled all the same, and reported once.
    logs.catch(() => {});
    let coming = this.#begun ?? this.#piece(this.#after, this.#after ? PIECE : FIRST_PIECE);
    const cameWithThePage = this.#begun !== null;
    this.#begun = null;
    for (let more = true; more;) {
      const response = await coming;
      more = response.next !== null;
      // The next piece is on its way while this one is added and drawn.
      if (more) coming = this.#piece(response.next, PIECE);
      this.#addSpans(response);
      if (more || cameWithThePage) yield;
    }
    for (const log of await logs) {
      this.base ??= BigInt(log.timeUnixNano);
      this.logs.set(log.seq, { ...log, at: sinceBase(log.timeUnixNano, this.base) });
    }
    this.whole = true;
    yield;
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
    return keyOf(spanId, service, this.spans);
  }

  /**
   * Finds the key of the span that an address names: by its key, or by id, service and kind.
   * @param {string} text
   * @returns {string}
   */
  keyNamed(text) {
    const [spanId = "", ...rest] = text.split(" ");
    const kind = rest.pop() ?? "";
    const service = rest.join(" ");
    return kind ? keyFor({ spanId, service, kind }, this.spans) : text;
  }

  /**
   * @param {any} response
   * @returns {void}
   */
  #addSpans(response) {
    if (response.rows.length) {
      this.base ??= firstMoment(response.columns, response.rows);
      for (const span of spansOf(response.columns, response.rows, this.base ?? 0n)) {
        span.key = keyFor(span, this.spans);
        learnSenders([span.service]);
        this.spans.set(span.key, span);
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
