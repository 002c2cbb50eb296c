import { build, byId } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { fromQuery, toQuery } from "../model/trace_filter.js";
import { Feed } from "../wire/feed.js";
import { start } from "./shared.js";
import "../elements/lab_strip.js";
import "../elements/lab_traces.js";

const SETTLE_MS = 300;

const list = /** @type {import("../elements/lab_traces.js").LabTraces} */ (byId("traces"));
const strip = /** @type {import("../elements/lab_strip.js").LabStrip} */ (byId("strip"));
const form = /** @type {HTMLFormElement} */ (byId("filters"));
const help = /** @type {HTMLDialogElement} */ (byId("help"));
const feed = new Feed();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

/** @returns {Record<string, string>} */
function wanted() {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** @returns {void} */
function showForm() {
  const filters = fromQuery(new URLSearchParams(location.search));
  for (const field of form.elements) {
    const input = /** @type {HTMLInputElement} */ (field);
    if (input.name) input.value = filters[input.name] ?? "";
  }
  list.filter(filters);
}

/** @returns {void} */
function apply() {
  const query = toQuery(wanted());
  if (query !== location.search) history.pushState(null, "", `/traces${query}`);
  list.filter(fromQuery(new URLSearchParams(query)));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  apply();
});
form.addEventListener("change", apply);
form.addEventListener("reset", () => setTimeout(apply));
addEventListener("popstate", showForm);
strip.addEventListener("brush", (event) => {
  const { since, until } = /** @type {CustomEvent} */ (event).detail;
  /** @type {HTMLInputElement} */ (form.elements.namedItem("since")).value = since;
  /** @type {HTMLInputElement} */ (form.elements.namedItem("until")).value = until;
  apply();
});
list.addEventListener("shown", (event) => strip.show(/** @type {CustomEvent} */ (event).detail));

addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement &&
    event.target.matches("input:not([type=checkbox]), select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) list.move(step);
  else if (event.key === "/") /** @type {HTMLElement} */ (form.elements.namedItem("q")).focus();
  else if (event.key === "?") help.showModal();
  else return;
  event.preventDefault();
});

/**
 * @param {File | undefined} file
 * @returns {Promise<void>}
 */
async function importFile(file) {
  if (!file) return;
  const answer = await fetch("/api/import", { method: "POST", body: file });
  const told = await answer.json();
  const said = answer.ok
    ? interpolate(gettext("%(spans)s spans and %(logs)s log lines were imported."), told)
    : told.error;
  byId("imported").replaceChildren(build("span", { class: answer.ok ? "" : "problem" }, said));
  list.refresh();
}

const file = /** @type {HTMLInputElement} */ (byId("import"));
file.addEventListener("change", () => importFile(file.files?.[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  importFile(event.dataTransfer?.files[0]);
});

feed.addEventListener("batch", () => {
  settling ??= setTimeout(() => {
    settling = undefined;
    list.refresh();
  }, SETTLE_MS);
});
feed.addEventListener("hello", () => list.refresh());
showForm();
start(feed);
