import { build } from "/static/dashboard/base/dom.js";
import "/static/dashboard/elements/lab_trace.js";

/** @typedef {import("/static/dashboard/elements/lab_trace.js").LabTrace} LabTrace */

/** @type {LabTrace | null} */
let trace = null;

/**
 * Shows a trace inside `place`. A page has one view of a trace, which goes where it is wanted.
 * @param {HTMLElement} place
 * @param {string} traceId
 * @returns {void}
 */
export function showTrace(place, traceId) {
  trace ??= /** @type {LabTrace} */ (build("lab-trace"));
  place.append(trace);
  if (trace.getAttribute("trace-id") === traceId) trace.refresh();
  else trace.setAttribute("trace-id", traceId);
}

/**
 * Asks again for what is shown, when records of it have come.
 * @param {Array<{traceId: string}>} records
 * @returns {void}
 */
export function refreshTrace(records) {
  const shown = trace?.isConnected && trace.getAttribute("trace-id");
  if (shown && records.some((record) => record.traceId === shown)) trace?.refresh();
}
