import { build, button, byId } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { choices } from "../shared/choices.js";
import { JudgedForm } from "./judged_form.js";
import "./lab_running.js";
import { showTrace } from "../shared/trace_view.js";

/**
 * @typedef {object} Question
 * @property {string} name
 * @property {string} text
 * @property {string} experiment
 * @property {import("../shared/choices.js").Choice[]} choices
 *
 * @typedef {object} Proof
 * @property {string} orderId
 * @property {string} traceId
 * @property {string} rightAnswer
 * @property {boolean} right
 * @property {string} why
 * @property {boolean} proved
 * @property {Array<{text: string, seenTitle: string, ok: boolean}>} proof
 */

/** A question of the quiz: answered by choosing, proved by a run. */
export class LabQuestion extends HTMLElement {
  #form = /** @type {HTMLFormElement} */ (build("form"));
  #running = /** @type {import("./lab_running.js").LabRunning} */ (build("lab-running"));
  #result = build("div", { class: "result", role: "status" });
  #trace = build("div", { class: "its-trace" });
  #submit = /** @type {HTMLButtonElement} */ (build(
    "button",
    { class: "primary" },
    gettext("Prove it by a run"),
  ));
  #judged = new JudgedForm({
    form: this.#form,
    submit: this.#submit,
    running: this.#running,
    result: this.#result,
  });

  /** @returns {void} */
  connectedCallback() {
    if (this.#form.isConnected) return;
    const questions = /** @type {Question[]} */ (JSON.parse(byId("questions").textContent ?? "[]"));
    const question = questions.find(({ name }) => name === this.getAttribute("name"));
    if (!question) return;
    const id = `question-${question.name}`;
    this.#form.append(
      choices({ ...question, id, name: "answer" }),
      build("p", { class: "row" }, this.#submit),
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#prove(question);
    });
    this.replaceChildren(this.#form, this.#running, this.#result, this.#trace);
  }

  /**
   * @param {Question} question
   * @returns {Promise<void>}
   */
  async #prove(question) {
    const answer = String(new FormData(this.#form).get("answer"));
    const path = `/api/lesson/quiz/${question.name}/proof`;
    const proof = await this.#judged.judge(question.experiment, path, { answer });
    if (proof) this.#show(question, /** @type {Proof} */ (proof));
  }

  /**
   * @param {Question} question
   * @param {Proof} proof
   * @returns {void}
   */
  #show(question, proof) {
    const right = question.choices.find(({ value }) => value === proof.rightAnswer)?.title ?? "";
    const rows = proof.proof.map((each) =>
      build(
        "li",
        { class: each.ok ? "ok" : "" },
        build("span", { class: "mark", "aria-hidden": "true" }, each.ok ? "✓" : "≠"),
        build("span", {}, each.text),
        build("span", { class: "mono" }, each.seenTitle),
      )
    );
    this.#submit.hidden = true;
    this.dispatchEvent(new CustomEvent("proved", { detail: proof.right, bubbles: true }));
    this.#result.replaceChildren(
      build(
        "p",
        { class: "score" },
        build(
          "span",
          { class: `badge ${proof.right ? "good" : "warn"}` },
          proof.right ? gettext("right") : gettext("not this one"),
        ),
        " ",
        right,
      ),
      build("p", {}, proof.why),
      build(
        "h3",
        {},
        proof.proved
          ? gettext("Proved by the run")
          : gettext("This run does not prove it: the lab behaved otherwise"),
      ),
      build("ul", { class: "plain proof-list" }, ...rows),
      build(
        "p",
        { class: "row" },
        button(gettext("Answer again"), () => {
          this.#form.reset();
          this.#running.clear();
          this.#result.replaceChildren();
          this.#judged.lock(false);
        }),
        button(gettext("Show its trace here"), () => showTrace(this.#trace, proof.traceId)),
        build("a", { href: `/orders/${proof.orderId}` }, gettext("Open the order in the lab")),
      ),
    );
  }
}

customElements.define("lab-question", LabQuestion);
