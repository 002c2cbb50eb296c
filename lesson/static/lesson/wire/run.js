import { ask } from "/static/dashboard/wire/api.js";

const POLL_MS = 250;

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} status
 * @property {Array<{name: string, status: string, text: string}>} steps
 * @property {Array<{order_id: string | null}>} orders
 */

/**
 * Runs an experiment and returns its end state.
 * @param {string} experiment
 * @param {(run: Run) => void} changed
 * @returns {Promise<Run>}
 */
export async function run(experiment, changed) {
  let state = await ask(`/api/experiments/${experiment}/runs`, { method: "POST" });
  changed(state);
  while (state.status === "running") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    state = await ask(`/api/runs/${state.runId}`);
    changed(state);
  }
  return state;
}
