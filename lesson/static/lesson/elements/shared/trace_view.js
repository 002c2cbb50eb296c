import { build } from "/static/dashboard/base/dom.js";
import "/static/dashboard/elements/trace/lab_trace.js";

/** @typedef {import("/static/dashboard/elements/trace/lab_trace.js").LabTrace} LabTrace */

/** @type {LabTrace | null} */
let trace = null;

/**
 * Shows a trace inside `parent`. A page has one view of a trace, which moves there.
 * @param {HTMLElement} parent
 * @param {string} traceId
 * @returns {void}
 */
export function showTrace(parent, traceId) {
  trace ??= /** @type {LabTrace} */ (build("lab-trace"));
  parent.append(trace);
  if (trace.getAttribute("trace-id") === traceId) trace.refresh();
  else trace.setAttribute("trace-id", traceId);
}

/**
 * Loads what is new of the trace that is shown, when records of it have come.
 * @param {Array<{traceId: string}>} records
 * @returns {void}
 */
export function refreshTrace(records) {
  const shown = trace?.isConnected && trace.getAttribute("trace-id");
  if (shown && records.some((record) => record.traceId === shown)) trace?.refresh();
}
