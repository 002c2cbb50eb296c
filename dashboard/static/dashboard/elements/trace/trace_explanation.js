import { build } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { once } from "../../base/scheduling.js";

/**
 * What the records of a trace prove, with room for it from the first moment on: the element that says it
 * is loaded beside the trace.
 */
export class TraceExplanation {
  #diagnosis =
    /** @type {import("./evidence/lab_diagnosis.js").LabDiagnosis} */ (build("lab-diagnosis"));
  element = build(
    "div",
    { class: "why" },
    build("p", { class: "quiet reading", role: "status" }, gettext("Reading what is on record …")),
    this.#diagnosis,
  );
  /** Loads what says it, which must be there before `show`. */
  load = once(() => import("./evidence/lab_diagnosis.js"));

  /**
   * Shows beside it what is known at once.
   * @param {HTMLElement} facts
   * @returns {void}
   */
  add(facts) {
    this.#diagnosis.append(facts);
  }

  /**
   * @param {import("./evidence/lab_diagnosis.js").Diagnosis} diagnosis
   * @returns {void}
   */
  show(diagnosis) {
    customElements.upgrade(this.#diagnosis);
    this.#diagnosis.show(diagnosis);
  }
}
