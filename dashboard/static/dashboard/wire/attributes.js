import { fetchJson } from "./api.js";

/**
 * @typedef {Map<string, unknown>} Values of one attribute, by what tells spans apart
 */

/**
 * What tells a span of a trace from all others.
 * @param {{spanId: string, service: string, kind: string}} span
 * @returns {string}
 */
export function identity({ spanId, service, kind }) {
  return `${spanId} ${kind} ${service}`;
}

/** The attributes of a trace's spans, each fetched once until more spans have come. */
export class Attributes {
  /** @type {Map<string, Promise<Values>>} */
  #fetched = new Map();
  #of = "";

  /**
   * @param {string} traceId
   * @param {number} spans how many have come
   * @param {string[]} keys
   * @returns {Promise<Map<string, Values>>} by the keys
   */
  async load(traceId, spans, keys) {
    const of = `${traceId} ${spans}`;
    if (this.#of !== of) this.#fetched.clear();
    this.#of = of;
    const loaded = await Promise.all(keys.map((key) => this.#values(traceId, key)));
    return new Map(keys.map((key, at) => [key, loaded[at] ?? new Map()]));
  }

  /**
   * @param {string} traceId
   * @param {string} key
   * @returns {Promise<Values>}
   */
  #values(traceId, key) {
    const known = this.#fetched.get(key);
    if (known) return known;
    const query = new URLSearchParams({ key });
    const fetched = fetchJson(`/api/traces/${traceId}/attribute?${query}`).then(({ values }) =>
      new Map(
        values.map((
          /** @type {[string, string, string, unknown]} */ [spanId, service, kind, of],
        ) => [
          identity({ spanId, service, kind }),
          of,
        ]),
      )
    );
    this.#fetched.set(key, fetched);
    // What failed is fetched again.
    fetched.catch(() => this.#fetched.delete(key));
    return fetched;
  }
}
