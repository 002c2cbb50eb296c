import { build, button, byId } from "/static/dashboard/base/dom.js";
import { gettext, interpolate } from "/static/dashboard/base/i18n.js";
import { ask } from "/static/dashboard/wire/api.js";
import { choices } from "./choices.js";
import "./lab_running.js";
import { showTrace } from "./the_trace.js";

/**
 * @typedef {object} Exercise
 * @property {string} name
 * @property {string} experiment
 * @property {string} title
 * @property {string} setting
 * @property {Array<{name: string, text: string, choices: import("./choices.js").Choice[]}>} questions
 *
 * @typedef {object} Results
 * @property {string} orderId
 * @property {string} traceId
 * @property {Array<{text: string, predictedTitle: string | null, seenTitle: string,
 *   right: boolean}>} results
 * @property {number} right
 * @property {number} of
 */

/**
 * An experiment of the lesson: predict, run, compare, explain. `name` says which; what it contains
 * is the explanation, kept back until the run has ended.
 */
export class LabExercise extends HTMLElement {
  /** @type {Exercise | null} */
  #exercise = null;
  #form = /** @type {HTMLFormElement} */ (build("form"));
  #running = /** @type {import("./lab_running.js").LabRunning} */ (build("lab-running"));
  #result = build("div", { class: "result", role: "status" });
  #explanation = build("div", { class: "explanation", hidden: "" });
  #trace = build("div", { class: "its-trace" });
  #submit = build("button", { class: "primary" }, gettext("Run it for real"));

  /** @returns {void} */
  connectedCallback() {
    if (this.#exercise) return;
    const all = JSON.parse(byId("exercises").textContent ?? "{}");
    const exercise = /** @type {Exercise} */ (all[this.getAttribute("name") ?? ""]);
    this.#exercise = exercise;
    this.#explanation.append(...this.childNodes);
    const id = `exercise-${exercise.name}`;
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", id);
    this.#form.append(
      build("p", { class: "ask" }, gettext("First, what do you expect?")),
      ...exercise.questions.map((question) =>
        choices({ id: `${id}-${question.name}`, ...question })
      ),
      build("p", { class: "row" }, this.#submit),
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(exercise);
    });
    this.replaceChildren(
      build("p", { class: "kind" }, gettext("Experiment")),
      build("h3", { id }, exercise.title),
      build("p", {}, exercise.setting),
      this.#form,
      this.#running,
      this.#result,
      this.#explanation,
      this.#trace,
    );
  }

  /**
   * @param {Exercise} exercise
   * @returns {Promise<void>}
   */
  async #run(exercise) {
    const predictions = Object.fromEntries(new FormData(this.#form));
    this.#lock(true);
    this.#result.replaceChildren();
    const orderId = await this.#running.run(exercise.experiment);
    try {
      if (orderId) {
        const body = { orderId, predictions };
        this.#show(
          await ask(`/api/lesson/exercises/${exercise.name}/results`, {
            method: "POST",
            body,
          }),
        );
        return;
      }
    } catch (error) {
      this.#result.replaceChildren(
        build("p", { class: "problem" }, error instanceof Error ? error.message : String(error)),
      );
    }
    this.#lock(false);
  }

  /**
   * @param {boolean} locked
   * @returns {void}
   */
  #lock(locked) {
    for (const field of this.#form.querySelectorAll("fieldset")) field.disabled = locked;
    /** @type {HTMLButtonElement} */ (this.#submit).disabled = locked;
    this.#submit.hidden = false;
  }

  /**
   * @param {Results} told
   * @returns {void}
   */
  #show(told) {
    const rows = told.results.map((each) =>
      build(
        "tr",
        { class: each.right ? "right" : "other" },
        build("th", { scope: "row" }, each.text),
        build("td", { "data-label": gettext("You said") }, each.predictedTitle ?? "–"),
        build("td", { "data-label": gettext("The records say") }, each.seenTitle),
        build(
          "td",
          {},
          build(
            "span",
            { class: `badge ${each.right ? "good" : "warn"}` },
            each.right ? gettext("as predicted") : gettext("otherwise"),
          ),
        ),
      )
    );
    const heads = ["", gettext("You said"), gettext("The records say"), ""];
    const again = button(gettext("Predict again"), () => {
      this.#form.reset();
      this.#running.clear();
      this.#result.replaceChildren();
      this.#lock(false);
      this.#form.querySelector("input")?.focus();
    });
    this.#submit.hidden = true;
    this.#result.replaceChildren(
      build(
        "p",
        { class: "score" },
        interpolate(gettext("%(right)s of %(of)s as you predicted."), {
          right: told.right,
          of: told.of,
        }),
      ),
      build(
        "div",
        { class: "scroll", tabindex: "0" },
        build(
          "table",
          {},
          build(
            "thead",
            {},
            build("tr", {}, ...heads.map((text) => build(text ? "th" : "td", {}, text))),
          ),
          build("tbody", {}, ...rows),
        ),
      ),
      build(
        "p",
        { class: "row" },
        again,
        button(gettext("Show its trace here"), () => showTrace(this.#trace, told.traceId)),
        build("a", { href: `/orders/${told.orderId}` }, gettext("Open the order in the lab")),
      ),
    );
    this.#explanation.hidden = false;
    showTrace(this.#trace, told.traceId);
  }
}

customElements.define("lab-exercise", LabExercise);
