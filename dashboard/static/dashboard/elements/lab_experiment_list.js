import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { grouped } from "../model/experiments.js";
import { link, verdict } from "./lab_run.js";

/**
 * @typedef {{name: string, title: string, description: string, tags: string[]}} Experiment
 * @typedef {{runId: string, name: string, title: string, status: string, files: string[]}} Kept
 */

/** Every experiment with how it went last; `run` tells which one is to be run. */
export class LabExperimentList extends HTMLElement {
  #tags = /** @type {Record<string, string>} */ ({
    "source-material": gettext("The three experiments"),
    "one-way": gettext("One way only"),
    duplicate: gettext("Delivered twice"),
    lossy: gettext("A lossy link"),
    flapping: gettext("A flapping link"),
    "look-alike": gettext("Look-alikes"),
    firewall: gettext("The firewall"),
  });

  /**
   * @param {Experiment[]} experiments
   * @returns {void}
   */
  list(experiments) {
    this.replaceChildren(
      ...grouped(experiments).map(({ tag, members }) =>
        build(
          "section",
          {},
          build("h3", {}, this.#tags[tag] ?? tag),
          build("ul", { class: "plain" }, ...members.map((each) => this.#row(each))),
        )
      ),
    );
  }

  /**
   * @param {Map<string, Kept>} last the newest run of each experiment
   * @param {boolean} busy whether a run goes on
   * @returns {void}
   */
  mark(last, busy) {
    for (const row of this.querySelectorAll("li")) {
      const run = last.get(row.dataset.name ?? "");
      const parts = run ? [verdict(run.status)] : [];
      if (run?.files.includes("report")) parts.push(link(run, "report", gettext("Report")));
      row.querySelector(".last")?.replaceChildren(...parts);
      row.classList.toggle("going", run?.status === "running");
    }
    for (const each of this.querySelectorAll("button")) each.disabled = busy;
  }

  /**
   * @param {Experiment} experiment
   * @returns {HTMLElement}
   */
  #row(experiment) {
    const run = button(gettext("Run"), () => {
      this.dispatchEvent(new CustomEvent("run", { detail: experiment.name }));
    }, { "aria-label": `${gettext("Run")}: ${experiment.title}` });
    return build(
      "li",
      { "data-name": experiment.name },
      build(
        "div",
        { class: "what" },
        build("h4", {}, experiment.title),
        build("p", { class: "quiet" }, experiment.description),
        build("p", { class: "last row" }),
      ),
      run,
    );
  }
}

customElements.define("lab-experiment-list", LabExperimentList);
