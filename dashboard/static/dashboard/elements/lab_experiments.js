import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { ask } from "../wire/api.js";

import "./lab_run.js";

/**
 * @typedef {{name: string, title: string, description: string, tags: string[]}} Experiment
 * @typedef {import("./lab_run.js").Run} Run
 */

/** Experiments as buttons, and the run that goes on or was the last one. */
export class LabExperiments extends HTMLElement {
  #cards = build("div", { class: "cards" });
  #run = /** @type {import("./lab_run.js").LabRun} */ (build("lab-run", {
    class: "run",
    role: "status",
  }));
  #problem = build("p", { class: "problem", role: "alert" });

  /** @returns {Promise<void>} */
  async connectedCallback() {
    this.replaceChildren(this.#cards, this.#problem, this.#run);
    this.#run.addEventListener("choose", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("choose", { detail }));
    });
    try {
      const { experiments } = await ask("/api/experiments");
      const tag = this.getAttribute("tag");
      const wanted = experiments.filter((/** @type {Experiment} */ each) =>
        !tag || (each.tags.includes(tag) && !each.tags.includes("switch"))
      );
      this.#cards.replaceChildren(
        ...wanted.map((/** @type {Experiment} */ each) => this.#card(each)),
      );
      const { runs } = await ask("/api/runs");
      const going = runs[0]?.status === "running" && runs[0].name !== "matrix";
      if (going) this.show(await ask(`/api/runs/${runs[0].runId}`));
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * @param {Run} run
   * @returns {void}
   */
  show(run) {
    for (const each of this.#cards.querySelectorAll("button")) {
      each.disabled = run.status === "running";
    }
    this.#run.show(run);
  }

  /**
   * @param {Experiment} experiment
   * @returns {HTMLElement}
   */
  #card(experiment) {
    const run = button(gettext("Run"), () => this.#start(experiment.name), {
      class: "primary",
      "aria-label": `${gettext("Run")}: ${experiment.title}`,
    });
    return build(
      "article",
      {},
      build("h3", {}, experiment.title),
      build("p", { class: "quiet" }, experiment.description),
      run,
    );
  }

  /**
   * @param {string} name
   * @returns {Promise<void>}
   */
  async #start(name) {
    this.#problem.textContent = "";
    try {
      this.show(await ask(`/api/experiments/${name}/runs`, { method: "POST" }));
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * @param {unknown} error
   * @returns {void}
   */
  #complain(error) {
    this.#problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

customElements.define("lab-experiments", LabExperiments);
