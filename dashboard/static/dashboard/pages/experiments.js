import { byId } from "../base/dom.js";
import { newest } from "../model/experiments.js";
import { ask } from "../wire/api.js";
import { Feed } from "../wire/feed.js";
import { start } from "./shared.js";
import "../elements/lab_experiment_list.js";
import "../elements/lab_matrix.js";
import "../elements/lab_run.js";
import "../elements/lab_runs.js";

const list =
  /** @type {import("../elements/lab_experiment_list.js").LabExperimentList} */ (byId("list"));
const shown = /** @type {import("../elements/lab_run.js").LabRun} */ (byId("run"));
const past = /** @type {import("../elements/lab_runs.js").LabRuns} */ (byId("runs"));
const matrix = /** @type {import("../elements/lab_matrix.js").LabMatrix} */ (byId("matrix"));
const problem = byId("problem");
const feed = new Feed();

/** The run that is shown; of one that goes on, every change. */
let chosen = "";
/** How often a run was asked for: an answer that is overtaken by another is left out. */
let asked = 0;
/** The matrix that was heard of last. */
let measuring = "";

/**
 * @param {import("../elements/lab_run.js").Run} run
 * @returns {void}
 */
function show(run) {
  chosen = run.runId;
  byId("none").hidden = true;
  shown.show(run);
}

/** @returns {Promise<void>} */
async function refresh() {
  const { runs } = await ask("/api/runs");
  const busy = runs[0]?.status === "running";
  list.mark(newest(runs), busy);
  matrix.busy = busy;
  past.show(runs);
  const first = runs.find((/** @type {{name: string}} */ each) => each.name !== "matrix");
  if (!chosen && first) show(await ask(`/api/runs/${first.runId}`));
}

/**
 * @param {unknown} error
 * @returns {void}
 */
function complain(error) {
  problem.textContent = error instanceof Error ? error.message : String(error);
}

list.addEventListener("run", async (event) => {
  problem.textContent = "";
  const name = /** @type {CustomEvent<string>} */ (event).detail;
  try {
    show(await ask(`/api/experiments/${name}/runs`, { method: "POST" }));
    byId("run-title").scrollIntoView({ block: "nearest" });
    await refresh();
  } catch (error) {
    complain(error);
  }
});
past.addEventListener("choose", async (event) => {
  const runId = /** @type {CustomEvent<string>} */ (event).detail;
  show(await ask(`/api/runs/${runId}`));
  byId("run-title").scrollIntoView({ block: "nearest" });
});
shown.addEventListener("choose", (event) => {
  location.assign(`/orders/${/** @type {CustomEvent} */ (event).detail.orderId}`);
});

feed.addEventListener("run", async (event) => {
  const { runId, status } = /** @type {CustomEvent} */ (event).detail.run;
  const ended = status !== "running";
  if (ended || runId !== chosen) refresh().catch(complain);
  if (ended && runId !== chosen) return;
  chosen = runId;
  asked += 1;
  const number = asked;
  // Asked for again, since the feed does not know this page's language.
  const run = await ask(`/api/runs/${runId}`);
  if (number === asked) show(run);
});
feed.addEventListener("matrix", (event) => {
  const { runId, status } = /** @type {CustomEvent} */ (event).detail;
  matrix.refresh().catch(complain);
  // Of its cells the list of runs says nothing: only its beginning and its end change it.
  if (runId !== measuring || status !== "running") refresh().catch(complain);
  measuring = runId;
});
feed.addEventListener("hello", () => {
  refresh().catch(complain);
  matrix.refresh().catch(complain);
});

list.list((await ask("/api/experiments")).experiments);
await refresh().catch(complain);
start(feed);
