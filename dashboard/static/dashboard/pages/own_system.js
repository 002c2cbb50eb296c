import { byId } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import { fetchJson } from "../wire/api.js";
import { Feed } from "../wire/feed.js";
import "../elements/actions/lab_actions.js";
import "../elements/actions/lab_requests.js";
import "../elements/experiments/lab_experiments.js";
// The last, so that its style goes before those of the elements.
import { Bench } from "./bench.js";

const GATHER_MS = 300;

/** @type {{system: import("../model/system.js").System}} */
const { system } = JSON.parse(byId("lab-config").textContent ?? "{}");
const actions =
  /** @type {import("../elements/actions/lab_actions.js").LabActions} */ (byId("actions"));
const requests =
  /** @type {import("../elements/actions/lab_requests.js").LabRequests} */ (byId("requests"));
const experiments =
  /** @type {import("../elements/experiments/lab_experiments.js").LabExperiments} */ (byId(
    "experiments",
  ));
const feed = new Feed();
const bench = new Bench(system, feed);
const { trace, log } = bench;

/** The trace that the reader chose; while it is empty, the newest is shown. */
let pinned = chosen();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** @returns {string} the trace that the page's address names */
function chosen() {
  return new URLSearchParams(location.search).get("trace") ?? "";
}

/**
 * @param {string} traceId
 * @returns {void}
 */
function showTrace(traceId) {
  if (!traceId) return;
  requests.chosen = traceId;
  trace.open({ traceId });
}

/** @returns {Promise<void>} */
async function showRequests() {
  await requests.show();
  showTrace(pinned || requests.newest);
  if (!trace.getAttribute("trace-id")) {
    trace.open({ traceId: null, none: gettext("Send a request to see what happened to it.") });
  }
}

/**
 * @param {string} traceId
 * @returns {void}
 */
function pin(traceId) {
  keep(traceId);
  showTrace(traceId);
}

/**
 * Keeps a trace in sight, whatever comes after it.
 * @param {string} traceId
 * @returns {void}
 */
function keep(traceId) {
  if (pinned === traceId) return;
  pinned = traceId;
  history.pushState(null, "", traceId ? `/?${new URLSearchParams({ trace: traceId })}` : "/");
}

requests.addEventListener("choose", (event) => pin(/** @type {CustomEvent} */ (event).detail));
log.stream.addEventListener("choose", (event) => {
  pin(/** @type {CustomEvent} */ (event).detail.traceId);
});
actions.addEventListener("sent", (event) => {
  if (!pinned) showTrace(/** @type {CustomEvent} */ (event).detail.traceId);
});
experiments.addEventListener("choose", (event) => {
  pin(/** @type {CustomEvent} */ (event).detail.traceId);
});
feed.addEventListener("run", async (event) => {
  // Fetched, since the feed does not know this page's language.
  const { runId } = /** @type {CustomEvent} */ (event).detail.run;
  const begun = await fetchJson(`/api/runs/${runId}`).catch(() => null);
  if (begun) experiments.show(begun);
});
for (const type of ["batch", "hello", "startedOver"]) {
  feed.addEventListener(type, () => {
    // What comes within a moment is listed once.
    waiting ??= setTimeout(() => {
      waiting = undefined;
      showRequests().catch(() => {});
    }, GATHER_MS);
  });
}
trace.addEventListener("moment", (event) => {
  // Whose past is looked at is not replaced by what is new.
  const isPast = /** @type {CustomEvent} */ (event).detail !== null;
  const shown = trace.getAttribute("trace-id");
  if (isPast && !pinned && shown) keep(shown);
});
addEventListener("popstate", () => {
  pinned = chosen();
  showRequests().catch(() => {});
});
listenToKeys({
  ...bench.keys,
  o: () => actions.first(),
  p: () => {
    trace.replay.close();
    keep("");
    showRequests().catch(() => {});
  },
  j: () => requests.move(1),
  k: () => requests.move(-1),
});
startPage(feed);
await bench.showLog();
