import { byId } from "../base/dom.js";

const VIEWS = ["waterfall", "messages", "truths", "checklist"];

/**
 * Below the map one region at a time on a narrow screen, by the bar that chooses it. A view that is
 * shown otherwise, by a key or by a proof, brings its region.
 * @param {import("../elements/trace/lab_trace.js").LabTrace} trace
 * @returns {void}
 */
export function listenToRegions(trace) {
  const tabs = [...byId("regions").querySelectorAll("button")];
  const show = (/** @type {string} */ region) => {
    byId("content").dataset.region = region;
    for (const tab of tabs) {
      const isShown = tab.dataset.region === region;
      tab.setAttribute("aria-pressed", String(isShown));
      if (isShown) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      const region = tab.dataset.region ?? "";
      const view = VIEWS.indexOf(region);
      if (view >= 0) trace.view(view);
      else show(region);
    });
  }
  trace.addEventListener("view", (event) => show(/** @type {CustomEvent} */ (event).detail));
  // In sight before it is scrolled to.
  trace.addEventListener("prove", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.type === "log") show("log");
  }, { capture: true });
}
