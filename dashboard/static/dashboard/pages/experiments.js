import { byId } from "../base/dom.js";
import { messageOf } from "../base/errors.js";
import { newest } from "../model/experiments.js";
import { fetchJson } from "../wire/api.js";
import { Feed } from "../wire/feed.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import "../elements/experiments/lab_experiment_list.js";
import "../elements/experiments/lab_matrix.js";
import "../elements/experiments/lab_run.js";
import "../elements/experiments/lab_runs.js";

const list =
  /** @type {import("../elements/experiments/lab_experiment_list.js").LabExperimentList} */ (byId(
    "list",
  ));
const shown = /** @type {import("../elements/experiments/lab_run.js").LabRun} */ (byId("run"));
const past = /** @type {import("../elements/experiments/lab_runs.js").LabRuns} */ (byId("runs"));
/** Only where the system takes orders. */
const matrix =
  /** @type {import("../elements/experiments/lab_matrix.js").LabMatrix | null} */ (document
    .getElementById("matrix"));
const problem = byId("problem");
const feed = new Feed();

/** The run that is shown; while it is in progress, every change. */
let chosen = "";
/** How often a run was fetched: a response that is overtaken by another is left out. */
let requests = 0;
/** The matrix that was measured last. */
let measuring = "";

/**
 * @param {import("../elements/experiments/lab_run.js").Run} run
 * @returns {void}
 */
function show(run) {
  chosen = run.runId;
  byId("none").hidden = true;
  shown.show(run);
}

/** @returns {Promise<void>} */
async function refresh() {
  const { runs } = await fetchJson("/api/runs");
  const busy = runs[0]?.status === "running";
  list.mark(newest(runs), busy);
  if (matrix) matrix.busy = busy;
  past.show(runs);
  const first = runs.find((/** @type {{name: string}} */ each) => each.name !== "matrix");
  if (!chosen && first) show(await fetchJson(`/api/runs/${first.runId}`));
}

/**
 * @param {unknown} error
 * @returns {void}
 */
function showError(error) {
  problem.textContent = messageOf(error);
}

const filter = /** @type {HTMLInputElement} */ (byId("filter"));
filter.addEventListener("input", () => {
  byId("count").textContent = list.filter(filter.value);
});
list.addEventListener("run", async (event) => {
  problem.textContent = "";
  const name = /** @type {CustomEvent<string>} */ (event).detail;
  try {
    show(await fetchJson(`/api/experiments/${name}/runs`, { method: "POST" }));
    byId("run-title").scrollIntoView({ block: "nearest" });
    await refresh();
  } catch (error) {
    showError(error);
  }
});
past.addEventListener("choose", async (event) => {
  const runId = /** @type {CustomEvent<string>} */ (event).detail;
  show(await fetchJson(`/api/runs/${runId}`));
  byId("run-title").scrollIntoView({ block: "nearest" });
});
shown.addEventListener("choose", (event) => {
  const { orderId, traceId } = /** @type {CustomEvent} */ (event).detail;
  location.assign(orderId ? `/orders/${orderId}` : `/traces/${traceId}`);
});

feed.addEventListener("run", async (event) => {
  const { runId, status } = /** @type {CustomEvent} */ (event).detail.run;
  const ended = status !== "running";
  if (ended || runId !== chosen) refresh().catch(showError);
  if (ended && runId !== chosen) return;
  chosen = runId;
  requests += 1;
  const request = requests;
  // Fetched, since the feed does not know this page's language.
  const run = await fetchJson(`/api/runs/${runId}`);
  if (request === requests) show(run);
});
feed.addEventListener("matrix", (event) => {
  const { runId, status } = /** @type {CustomEvent} */ (event).detail;
  matrix?.refresh().catch(showError);
  // The list of runs does not show its cells: only its start and its end change it.
  if (runId !== measuring || status !== "running") refresh().catch(showError);
  measuring = runId;
});
feed.addEventListener("hello", () => {
  refresh().catch(showError);
  matrix?.refresh().catch(showError);
});

const { experiments, folder } = await fetchJson("/api/experiments");
list.list(experiments, folder);
byId("count").textContent = list.filter(filter.value);
await refresh().catch(showError);
listenToKeys({ "/": () => filter.focus() });
startPage(feed);
