import { build, button } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { ask } from "/static/dashboard/wire/api.js";
import { run } from "../wire/run.js";

const MARKS = /** @type {Record<string, string>} */ ({
  running: "…",
  succeeded: "✓",
  deviated: "≠",
  failed: "!",
});

/** A run of an experiment: its steps while it goes on, and what keeps it from going on. */
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
   * which has been said by then.
   * @param {string} experiment
   * @returns {Promise<string | null>}
   */
  async run(experiment) {
    this.clear();
    try {
      const ended = await run(experiment, (state) => this.#show(state));
      const order = ended.orders.find((each) => each.order_id)?.order_id ?? null;
      if (ended.status !== "aborted" && order) return order;
      this.#complain(
        gettext("The run could not be carried out: something else is in force in the lab."),
        this.#healer(),
      );
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
    }
    return null;
  }

  /**
   * @param {string} text
   * @param {...HTMLElement} more
   * @returns {void}
   */
  #complain(text, ...more) {
    this.#problem.replaceChildren(build("p", {}, text), ...more);
  }

  /** @returns {HTMLElement} */
  #healer() {
    return button(gettext("Heal all faults"), async () => {
      try {
        await ask("/api/faults", { method: "DELETE" });
        this.clear();
      } catch (error) {
        this.#complain(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /**
   * @param {import("../wire/run.js").Run} state
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
