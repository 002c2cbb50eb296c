import { ask } from "./api.js";
import { sinceBase, spansOf } from "./revive.js";

/**
 * @typedef {import("./revive.js").TraceLog} TraceLog
 * @typedef {import("../model/trace.js").Span} Span
 */

const FIRST_PIECE = 500;
const PIECE = 20_000;
const LOGS = 1_000;
const MOST_LOGS = 20_000;

/** Loads a trace in pieces, and later only what is new of it. */
export class TraceLoader {
  /** @type {Map<string, Span>} */
  spans = new Map();
  /** @type {Map<number, TraceLog>} */
  logs = new Map();
  /** @type {bigint | null} */
  base = null;
  total = 0;
  #after = 0;

  /** @param {string} traceId */
  constructor(traceId) {
    this.traceId = traceId;
  }

  /**
   * Loads what is stored and not loaded yet.
   * @returns {AsyncGenerator<void>} a step for each piece that has come
   */
  async *load() {
    const logs = this.#newLogs();
    // Should the spans fail first, this is heard of all the same, and by nobody twice.
    logs.catch(() => {});
    let coming = this.#piece(this.#after, this.#after ? PIECE : FIRST_PIECE);
    for (let more = true; more;) {
      const told = await coming;
      more = told.next !== null;
      // The next piece is on its way while this one is taken in and drawn.
      if (more) coming = this.#piece(told.next, PIECE);
      this.#takeSpans(told);
      if (more) yield;
    }
    for (const log of await logs) {
      this.base ??= BigInt(log.timeUnixNano);
      this.logs.set(log.seq, { ...log, at: sinceBase(log.timeUnixNano, this.base) });
    }
    yield;
  }

  /**
   * @param {number} after
   * @param {number} limit
   * @returns {Promise<any>}
   */
  #piece(after, limit) {
    const cursor = after ? `&cursor=${after}` : "";
    const piece = ask(
      `/api/traces/${this.traceId}/spans?fields=outline&limit=${limit}${cursor}`,
    );
    // Whoever stops loading before it has come does not hear that it failed.
    piece.catch(() => {});
    return piece;
  }

  /** @returns {TraceLog[]} in the order of their times */
  orderedLogs() {
    return [...this.logs.values()].sort((a, b) => a.at - b.at || a.seq - b.seq);
  }

  /**
   * @param {any} told
   * @returns {void}
   */
  #takeSpans(told) {
    const [first] = told.rows;
    if (first) {
      this.base ??= BigInt(first[told.columns.indexOf("startTimeUnixNano")]);
      for (const span of spansOf(told.columns, told.rows, this.base)) {
        this.spans.set(span.spanId, span);
      }
    }
    this.#after = told.last;
    this.total = told.total;
  }

  /** @returns {Promise<any[]>} */
  async #newLogs() {
    const found = [];
    let cursor = "";
    do {
      const told = await ask(`/api/logs?traceId=${this.traceId}&limit=${LOGS}${cursor}`);
      found.push(...told.logs);
      const known = told.logs.some((/** @type {TraceLog} */ log) => this.logs.has(log.seq));
      if (known || told.next === null) break;
      cursor = `&cursor=${told.next}`;
    } while (found.length < MOST_LOGS);
    return found;
  }
}
