import { build, button } from "/static/dashboard/base/dom.js";
import { messageOf } from "/static/dashboard/base/errors.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { fetchJson } from "/static/dashboard/wire/api.js";
import { runExperiment } from "../../wire/run.js";

const MARKS = /** @type {Record<string, string>} */ ({
  running: "…",
  succeeded: "✓",
  deviated: "≠",
  failed: "!",
});

/** A run of an experiment: its steps, and what keeps it from being carried out. */
export class LabRunning extends HTMLElement {
  #problem = build("div", { class: "problem", role: "alert" });
  #steps = build("ol", { class: "plain steps", "aria-live": "polite" });

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#problem, this.#steps);
  }

  /** @returns {void} */
  clear() {
    this.#problem.replaceChildren();
    this.#steps.replaceChildren();
  }

  /**
   * Runs an experiment to its end and returns its order; null when it could not be carried out,
   * for a reason that is shown.
   * @param {string} experiment
   * @returns {Promise<string | null>}
   */
  async run(experiment) {
    this.clear();
    try {
      const ended = await runExperiment(experiment, (state) => this.#show(state));
      const order = ended.orders.find((each) => each.order_id)?.order_id ?? null;
      if (ended.status !== "aborted" && order) return order;
      this.#showProblem(
        gettext("The run could not be carried out: something else is in force in the lab."),
        this.#healer(),
      );
    } catch (error) {
      this.#showProblem(messageOf(error));
    }
    return null;
  }

  /**
   * @param {string} text
   * @param {...HTMLElement} more
   * @returns {void}
   */
  #showProblem(text, ...more) {
    this.#problem.replaceChildren(build("p", {}, text), ...more);
  }

  /** @returns {HTMLElement} */
  #healer() {
    return button(gettext("Heal all faults"), async () => {
      try {
        await fetchJson("/api/faults", { method: "DELETE" });
        this.clear();
      } catch (error) {
        this.#showProblem(messageOf(error));
      }
    });
  }

  /**
   * @param {import("../../wire/run.js").Run} state
   * @returns {void}
   */
  #show(state) {
    const steps = state.steps.map((step) =>
      build(
        "li",
        { class: step.status },
        build("span", { class: "mark", "aria-hidden": "true" }, MARKS[step.status] ?? ""),
        build("span", {}, step.name),
      )
    );
    this.#steps.replaceChildren(...steps);
  }
}

customElements.define("lab-running", LabRunning);
