import { build, button } from "../../base/dom.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { grouped, matches } from "../../model/experiments.js";
import { link, verdict } from "./run_parts.js";

/**
 * @typedef {{name: string, title: string, description: string, question: string, problem: string}} Experiment
 * @typedef {{runId: string, name: string, title: string, status: string, files: string[]}} RunSummary
 */

/** Every experiment, by the question that it answers, with how it went last; `run` is sent with the name of the one to run. */
export class LabExperimentList extends HTMLElement {
  #none = build("p", { class: "quiet none" }, gettext("No experiment has these words."));

  /**
   * @param {Experiment[]} experiments
   * @param {string} folder where a system's own are put
   * @returns {void}
   */
  list(experiments, folder) {
    if (!experiments.length) {
      const text = gettext(
        "This system has no experiments yet. They are Chaos Toolkit files in %(folder)s.",
      );
      this.replaceChildren(build("p", { class: "quiet none" }, interpolate(text, { folder })));
      return;
    }
    this.#none.hidden = true;
    this.replaceChildren(
      ...grouped(experiments).map(({ question, members }) =>
        build(
          "section",
          {},
          build("h2", {}, question),
          build("ul", { class: "plain" }, ...members.map((each) => this.#row(each))),
        )
      ),
      this.#none,
    );
  }

  /**
   * Shows the experiments whose texts have every word.
   * @param {string} words
   * @returns {string} how many these are
   */
  filter(words) {
    let shown = 0;
    const rows = this.querySelectorAll("li");
    for (const row of rows) {
      const about = `${row.dataset.name} ${row.querySelector(".what")?.textContent}`;
      const question = row.closest("section")?.querySelector("h2")?.textContent;
      row.hidden = !matches(`${about} ${question}`, words);
      if (!row.hidden) shown++;
    }
    for (const section of this.querySelectorAll("section")) {
      section.hidden = section.querySelector("li:not([hidden])") === null;
    }
    this.#none.hidden = shown > 0;
    return interpolate(gettext("%(shown)s of %(total)s"), { shown, total: rows.length });
  }

  /**
   * @param {Map<string, RunSummary>} last the newest run of each experiment
   * @param {boolean} busy whether something is being run
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
    for (const each of this.querySelectorAll("button")) {
      each.disabled = busy || Boolean(each.closest("li")?.querySelector(".problem"));
    }
  }

  /**
   * @param {Experiment} experiment
   * @returns {HTMLElement}
   */
  #row(experiment) {
    const run = button(gettext("Run"), () => {
      this.dispatchEvent(new CustomEvent("run", { detail: experiment.name }));
    }, { "aria-label": labelled(gettext("Run"), experiment.title) });
    run.disabled = experiment.problem !== "";
    return build(
      "li",
      { "data-name": experiment.name },
      build(
        "div",
        { class: "what" },
        build("h3", {}, experiment.title),
        build("p", { class: "quiet" }, experiment.description),
        ...(experiment.problem ? [build("p", { class: "problem" }, experiment.problem)] : []),
      ),
      build("p", { class: "last" }),
      run,
    );
  }
}

customElements.define("lab-experiment-list", LabExperimentList);
