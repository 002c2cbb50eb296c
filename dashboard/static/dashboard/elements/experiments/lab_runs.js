import { build, button, scrollable, table } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { dateAndTime, duration } from "../../base/time.js";
import { tookMs } from "../../model/experiments.js";
import { link, verdict } from "./run_parts.js";

/**
 * @typedef {object} RunSummary A run in the list.
 * @property {string} runId
 * @property {string} name
 * @property {string} title
 * @property {string} status
 * @property {string} startedAt
 * @property {string | null} endedAt
 * @property {string[]} files
 */

/** The runs that have been, newest first; `choose` is sent with the id of the one to show. */
export class LabRuns extends HTMLElement {
  /**
   * @param {RunSummary[]} runs
   * @returns {void}
   */
  show(runs) {
    if (!runs.length) {
      this.replaceChildren(build("p", { class: "quiet" }, gettext("Nothing has been run yet.")));
      return;
    }
    const headings = [
      gettext("Started"),
      gettext("Experiment"),
      gettext("Verdict"),
      gettext("Took"),
      gettext("Files"),
    ];
    const rows = runs.map((run) => this.#row(run));
    this.replaceChildren(
      scrollable(gettext("List of past runs"), table(headings, build("tbody", {}, ...rows))),
    );
  }

  /**
   * @param {RunSummary} run
   * @returns {HTMLElement}
   */
  #row(run) {
    const took = tookMs(run);
    const title = run.name === "matrix" ? run.title : button(run.title, () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: run.runId }));
    }, { class: "link" });
    const files = [];
    if (run.files.includes("report")) files.push(link(run, "report", gettext("Report")));
    if (run.files.includes("journal")) files.push(link(run, "journal", gettext("Journal")));
    return build(
      "tr",
      {},
      build("td", {}, build("time", { datetime: run.startedAt }, dateAndTime(run.startedAt))),
      build("td", {}, title),
      build("td", {}, verdict(run.status)),
      build("td", {}, took === null ? "–" : duration(took)),
      build("td", {}, build("span", { class: "row" }, ...files)),
    );
  }
}

customElements.define("lab-runs", LabRuns);
