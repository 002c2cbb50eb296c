import { build, byId } from "../base/dom.js";
import { messageOf } from "../base/errors.js";
import { gettext, interpolate } from "../base/i18n.js";
import { anchor } from "../base/popover.js";
import { coalesced, spaced } from "../base/scheduling.js";
import { toQuery } from "../model/traces/trace_filter.js";
import { fetchJson } from "../wire/api.js";
import { Feed } from "../wire/feed.js";
import { importFile } from "../wire/files.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import "../elements/trace/evidence/lab_diagnosis.js";
import "../elements/traces/lab_distribution.js";
import "../elements/traces/lab_trace_filters.js";
import "../elements/traces/lab_trace_preview.js";
import "../elements/traces/lab_traces.js";

const SETTLE_MS = 300;
/** The whole of what is found is counted more seldom than its first page is read. */
const SPREAD_MS = 2_000;

const list = /** @type {import("../elements/traces/lab_traces.js").LabTraces} */ (byId("traces"));
const distribution =
  /** @type {import("../elements/traces/lab_distribution.js").LabDistribution} */ (byId(
    "distribution",
  ));
const filters =
  /** @type {import("../elements/traces/lab_trace_filters.js").LabTraceFilters} */ (byId(
    "filters",
  ));
const preview =
  /** @type {import("../elements/traces/lab_trace_preview.js").LabTracePreview} */ (byId(
    "preview",
  ));
const feed = new Feed();

byId("export").append(list.exports);
const more = byId("more-actions");
anchor(/** @type {HTMLElement} */ (more.nextElementSibling), more);

filters.addEventListener("filter", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  query = toQuery(detail);
  list.filter(detail);
  spread();
});
distribution.addEventListener("brush", (event) => {
  filters.set(/** @type {CustomEvent} */ (event).detail);
});

/** The list's filters, as its address has them. */
let query = "";
const spread = spaced(async () => {
  const asked = query;
  const found = await fetchJson(`/api/distribution${asked}`).catch(() => null);
  if (found && asked === query) distribution.show(found);
}, SPREAD_MS);
list.addEventListener("probes", (event) => {
  filters.set({ probes: /** @type {CustomEvent} */ (event).detail });
});

preview.diagnosis =
  /** @type {import("../elements/traces/lab_trace_preview.js").Diagnosis} */ (build(
    "lab-diagnosis",
  ));
list.addEventListener("look", (event) => preview.show(/** @type {CustomEvent} */ (event).detail));
preview.addEventListener("closed", () => list.mark(""));

listenToKeys({
  j: () => list.move(1),
  ArrowDown: () => list.move(1),
  k: () => list.move(-1),
  ArrowUp: () => list.move(-1),
  n: () => list.showNewer(),
  "/": () => filters.find(),
});

/**
 * @param {File | undefined} file
 * @returns {Promise<void>}
 */
async function importFrom(file) {
  if (!file) return;
  const problem = (/** @type {string} */ text) => build("span", { class: "problem" }, text);
  try {
    const { refused, problems, ...counts } = await importFile(file);
    const text = gettext("%(spans)s spans and %(logs)s log lines were imported.");
    byId("imported").replaceChildren(build("span", {}, interpolate(text, counts)));
    if (refused) {
      const lost = gettext("%(refused)s could not be kept: %(first)s");
      byId("imported").append(problem(interpolate(lost, { refused, first: problems[0] ?? "" })));
    }
  } catch (error) {
    byId("imported").replaceChildren(problem(messageOf(error)));
  }
  list.refresh();
}

const file = /** @type {HTMLInputElement} */ (byId("import"));
file.addEventListener("change", () => importFrom(file.files?.[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  importFrom(event.dataTransfer?.files[0]);
});

feed.addEventListener("batch", coalesced(() => list.refresh(), SETTLE_MS));
feed.addEventListener("batch", spread);
feed.addEventListener("hello", () => list.refresh());
filters.show();
startPage(feed);
