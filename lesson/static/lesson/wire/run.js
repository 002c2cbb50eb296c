import { fetchJson } from "/static/dashboard/wire/api.js";

const POLL_MS = 250;

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} status
 * @property {Array<{name: string, status: string, text: string}>} steps
 * @property {Array<{order_id: string | null}>} orders
 */

/**
 * Runs an experiment and returns its last state.
 * @param {string} experiment
 * @param {(run: Run) => void} onChange
 * @returns {Promise<Run>}
 */
export async function runExperiment(experiment, onChange) {
  let state = await fetchJson(`/api/experiments/${experiment}/runs`, { method: "POST" });
  onChange(state);
  while (state.status === "running") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    state = await fetchJson(`/api/runs/${state.runId}`);
    onChange(state);
  }
  return state;
}
