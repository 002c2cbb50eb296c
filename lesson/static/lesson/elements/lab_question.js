import { build, button, byId } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { ask } from "/static/dashboard/wire/api.js";
import { choices } from "./choices.js";
import "./lab_running.js";
import { showTrace } from "./the_trace.js";

/**
 * @typedef {object} Question
 * @property {string} name
 * @property {string} text
 * @property {string} experiment
 * @property {import("./choices.js").Choice[]} choices
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

  /** @returns {void} */
  connectedCallback() {
    if (this.#form.isConnected) return;
    const asked = /** @type {Question[]} */ (JSON.parse(byId("questions").textContent ?? "[]"));
    const question = asked.find(({ name }) => name === this.getAttribute("name"));
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
    this.#lock(true);
    this.#result.replaceChildren();
    const orderId = await this.#running.run(question.experiment);
    try {
      if (orderId) {
        const path = `/api/lesson/quiz/${question.name}/proof`;
        this.#show(question, await ask(path, { method: "POST", body: { orderId, answer } }));
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
    this.#submit.disabled = locked;
    this.#submit.hidden = false;
  }

  /**
   * @param {Question} question
   * @param {Proof} told
   * @returns {void}
   */
  #show(question, told) {
    const right = question.choices.find(({ value }) => value === told.rightAnswer)?.title ?? "";
    const proof = told.proof.map((each) =>
      build(
        "li",
        { class: each.ok ? "ok" : "" },
        build("span", { class: "mark", "aria-hidden": "true" }, each.ok ? "✓" : "≠"),
        build("span", {}, each.text),
        build("span", { class: "mono" }, each.seenTitle),
      )
    );
    this.#submit.hidden = true;
    this.dispatchEvent(new CustomEvent("proved", { detail: told.right, bubbles: true }));
    this.#result.replaceChildren(
      build(
        "p",
        { class: "score" },
        build(
          "span",
          { class: `badge ${told.right ? "good" : "warn"}` },
          told.right ? gettext("right") : gettext("not this one"),
        ),
        " ",
        right,
      ),
      build("p", {}, told.why),
      build(
        "h3",
        {},
        told.proved
          ? gettext("Proved by the run")
          : gettext("This run does not prove it: the lab behaved otherwise"),
      ),
      build("ul", { class: "plain proof-list" }, ...proof),
      build(
        "p",
        { class: "row" },
        button(gettext("Answer again"), () => {
          this.#form.reset();
          this.#running.clear();
          this.#result.replaceChildren();
          this.#lock(false);
        }),
        button(gettext("Show its trace here"), () => showTrace(this.#trace, told.traceId)),
        build("a", { href: `/orders/${told.orderId}` }, gettext("Open the order in the lab")),
      ),
    );
  }
}

customElements.define("lab-question", LabQuestion);
