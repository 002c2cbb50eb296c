import { build, button, byId, table } from "/static/dashboard/base/dom.js";
import { gettext, interpolate } from "/static/dashboard/base/i18n.js";
import { choices } from "../shared/choices.js";
import { JudgedForm } from "./judged_form.js";
import "./lab_running.js";
import { showTrace } from "../shared/trace_view.js";

/**
 * @typedef {object} Exercise
 * @property {string} name
 * @property {string} experiment
 * @property {string} title
 * @property {string} setting
 * @property {Array<{name: string, text: string, choices: import("../shared/choices.js").Choice[]}>} questions
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
  #submit = /** @type {HTMLButtonElement} */ (build(
    "button",
    { class: "primary" },
    gettext("Run it for real"),
  ));
  #judged = new JudgedForm({
    form: this.#form,
    submit: this.#submit,
    running: this.#running,
    result: this.#result,
  });

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
    const path = `/api/lesson/exercises/${exercise.name}/results`;
    const results = await this.#judged.judge(exercise.experiment, path, { predictions });
    if (results) this.#show(/** @type {Results} */ (results));
  }

  /**
   * @param {Results} results
   * @returns {void}
   */
  #show(results) {
    const rows = results.results.map((each) =>
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
    const headings = ["", gettext("You said"), gettext("The records say"), ""];
    const again = button(gettext("Predict again"), () => {
      this.#form.reset();
      this.#running.clear();
      this.#result.replaceChildren();
      this.#judged.lock(false);
      this.#form.querySelector("input")?.focus();
    });
    this.#submit.hidden = true;
    this.#result.replaceChildren(
      build(
        "p",
        { class: "score" },
        interpolate(gettext("%(right)s of %(of)s as you predicted."), {
          right: results.right,
          of: results.of,
        }),
      ),
      build(
        "div",
        { class: "scroll", tabindex: "0" },
        table(headings, build("tbody", {}, ...rows)),
      ),
      build(
        "p",
        { class: "row" },
        again,
        button(gettext("Show its trace here"), () => showTrace(this.#trace, results.traceId)),
        build("a", { href: `/orders/${results.orderId}` }, gettext("Open the order in the lab")),
      ),
    );
    this.#explanation.hidden = false;
    showTrace(this.#trace, results.traceId);
  }
}

customElements.define("lab-exercise", LabExercise);
