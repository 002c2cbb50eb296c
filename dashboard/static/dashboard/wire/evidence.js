import { fetchJson } from "./api.js";

/**
 * @typedef {object} Evidence What the records of a trace prove, as the observer has it.
 * @property {string} perspective
 * @property {string | null} atUnixNano the moment asked about; null for the end
 * @property {any} diagnosis
 * @property {any[]} checklist
 * @property {string} prompt
 * @property {{spans: number, logs: number}} hidden
 * @property {any[]} messages
 * @property {any[]} windows
 * @property {{moments: any[], of: string[]}} truths `of` names the two sides
 * @property {"order" | "calls"} of by whose rules: an order's, or those of any application
 * @property {string[]} perspectives `all`, and the services from whose side one can look
 * @property {string[]} lanes who calls or is called, in order of the first call
 */

const MOST_KEPT = 300;

/**
 * What the records of a trace prove, at its end and at other moments: each is fetched once, which for
 * a large trace takes longer than to draw it.
 */
export class EvidenceLoader {
  /** @type {Map<string, Promise<Evidence>>} */
  #fetched = new Map();
  #traceId;

  /** @param {string} traceId */
  constructor(traceId) {
    this.#traceId = traceId;
  }

  /**
   * Forgets what was fetched: more records have come.
   * @returns {void}
   */
  forget() {
    this.#fetched.clear();
  }

  /**
   * @param {string} perspective
   * @param {import("../model/trace/span.js").Offsets} [offsets]
   * @param {bigint | null} [at] a moment, in Unix nanoseconds
   * @returns {Promise<Evidence>}
   */
  load(perspective, offsets = {}, at = null) {
    const query = new URLSearchParams({ perspective });
    for (const [service, offset] of Object.entries(offsets)) {
      if (offset !== 0) query.append("clock", `${service}:${offset}`);
    }
    if (at !== null) query.set("at", String(at));
    const path = `/api/traces/${this.#traceId}/evidence?${query}`;
    const known = this.#fetched.get(path);
    if (known) return known;
    if (this.#fetched.size >= MOST_KEPT) this.#fetched.clear();
    const fetched = fetchJson(path);
    this.#fetched.set(path, fetched);
    // What failed is fetched again.
    fetched.catch(() => this.#fetched.delete(path));
    return fetched;
  }
}
