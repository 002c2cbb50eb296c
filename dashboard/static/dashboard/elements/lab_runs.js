import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { duration } from "../base/time.js";
import { tookMs } from "../model/experiments.js";
import { link, verdict } from "./lab_run.js";

/**
 * @typedef {object} Kept A run in the list.
 * @property {string} runId
 * @property {string} name
 * @property {string} title
 * @property {string} status
 * @property {string} startedAt
 * @property {string | null} endedAt
 * @property {string[]} files
 */

/** The runs that have been, newest first; `choose` tells which one is to be shown. */
export class LabRuns extends HTMLElement {
  /**
   * @param {Kept[]} runs
   * @returns {void}
   */
  show(runs) {
    if (!runs.length) {
      this.replaceChildren(build("p", { class: "quiet" }, gettext("Nothing has been run yet.")));
      return;
    }
    const heads = [
      gettext("Started"),
      gettext("Experiment"),
      gettext("Verdict"),
      gettext("Took"),
      gettext("Files"),
    ];
    const table = build(
      "table",
      {},
      build(
        "thead",
        {},
        build("tr", {}, ...heads.map((head) => build("th", { scope: "col" }, head))),
      ),
      build("tbody", {}, ...runs.map((run) => this.#row(run))),
    );
    this.replaceChildren(
      build(
        "div",
        {
          class: "scroll",
          tabindex: "0",
          role: "region",
          "aria-label": gettext("List of past runs"),
        },
        table,
      ),
    );
  }

  /**
   * @param {Kept} run
   * @returns {HTMLElement}
   */
  #row(run) {
    const took = tookMs(run);
    const started = new Date(run.startedAt);
    const title = run.name === "matrix" ? run.title : button(run.title, () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: run.runId }));
    }, { class: "link" });
    const files = [];
    if (run.files.includes("report")) files.push(link(run, "report", gettext("Report")));
    if (run.files.includes("journal")) files.push(link(run, "journal", gettext("Journal")));
    return build(
      "tr",
      {},
      build("td", {}, build("time", { datetime: run.startedAt }, started.toLocaleString())),
      build("td", {}, title),
      build("td", {}, verdict(run.status)),
      build("td", {}, took === null ? "–" : duration(took)),
      build("td", {}, build("span", { class: "row" }, ...files)),
    );
  }
}

customElements.define("lab-runs", LabRuns);
