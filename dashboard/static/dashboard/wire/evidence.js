import { fetchJson } from "./api.js";

/**
 * @typedef {object} Evidence What the records of a trace prove, as the observer has it.
 * @property {string} perspective
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

/**
 * Fetches what the records of a trace prove, which for a large one takes longer than to draw it.
 * @param {string} traceId
 * @param {string} perspective
 * @param {import("../model/trace/span.js").Offsets} [offsets]
 * @returns {Promise<Evidence>}
 */
export function fetchEvidence(traceId, perspective, offsets = {}) {
  const clocks = Object.entries(offsets)
    .filter(([, offset]) => offset !== 0)
    .map(([service, offset]) => `&clock=${encodeURIComponent(`${service}:${offset}`)}`);
  return fetchJson(
    `/api/traces/${traceId}/evidence?perspective=${encodeURIComponent(perspective)}${
      clocks.join("")
    }`,
  );
}
