import { byId } from "../base/dom.js";

const VIEWS = ["waterfall", "messages", "truths", "evidence"];

/**
 * Below the map one region at a time on a narrow screen, by the bar that chooses it.
 * @param {import("../elements/trace/lab_trace.js").LabTrace} trace
 * @returns {void}
 */
export function listenToRegions(trace) {
  for (const tab of byId("regions").querySelectorAll("button")) {
    tab.addEventListener("click", () => {
      const region = tab.dataset.region ?? "";
      byId("content").dataset.region = region;
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      for (const each of byId("regions").children) {
        each.setAttribute("aria-pressed", String(each === tab));
      }
      const view = VIEWS.indexOf(region);
      if (view >= 0) trace.view(view);
    });
  }
}
