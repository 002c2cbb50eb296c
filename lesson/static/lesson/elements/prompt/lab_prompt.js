import { build, button } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { fetchJson } from "/static/dashboard/wire/api.js";

const NEWEST = 100;

/** Prompts with the evidence of a trace, ready to copy: `intro`s are the learner's own questions. */
export class LabPrompt extends HTMLElement {
  #which = /** @type {HTMLSelectElement} */ (build("select", {
    "aria-label": gettext("Which order"),
  }));
  #question = /** @type {HTMLSelectElement} */ (build("select", {
    "aria-label": gettext("Question"),
  }));
  #text = /** @type {HTMLTextAreaElement} */ (build("textarea", {
    readonly: "",
    rows: "14",
    class: "mono",
    spellcheck: "false",
    "aria-label": gettext("The prompt"),
  }));
  #copy = button(gettext("Copy"), () => this.#copied(), { class: "primary" });
  #status = build("p", { class: "quiet", role: "status" });
  #evidence = "";

  /** @returns {Promise<void>} */
  async connectedCallback() {
    const questions = [...this.querySelectorAll("li")].map((each) => each.textContent ?? "");
    this.#question.replaceChildren(
      ...questions.map((text) => build("option", { value: text }, text)),
    );
    this.replaceChildren(
      build("div", { class: "row" }, this.#question, this.#which, this.#copy),
      this.#text,
      this.#status,
    );
    this.#question.addEventListener("change", () => this.#show());
    this.#which.addEventListener("change", () => this.#load());
    await this.refresh();
  }

  /**
   * Lists the newest orders again.
   * @returns {Promise<void>}
   */
  async refresh() {
    // However many other traces came since.
    const { traces: orders } = await fetchJson(`/api/traces?ofOrders=1&limit=${NEWEST}`);
    this.#which.replaceChildren(
      ...orders.map((/** @type {any} */ each) => {
        const parts = [each.orderId.slice(0, 8), each.orderStatus, ...each.errorKinds];
        return build("option", { value: each.traceId }, parts.filter(Boolean).join(" · "));
      }),
    );
    this.#copy.disabled = orders.length === 0;
    if (orders.length) await this.#load();
    else this.#status.textContent = gettext("Place an order in the lab first, then come back.");
  }

  /** @returns {Promise<void>} */
  async #load() {
    this.#status.textContent = "";
    const { prompt } = await fetchJson(`/api/traces/${this.#which.value}/evidence`);
    this.#evidence = prompt;
    this.#show();
  }

  /** @returns {void} */
  #show() {
    this.#text.value = `${this.#question.value}\n\n${this.#evidence}`;
  }

  /** @returns {Promise<void>} */
  async #copied() {
    await navigator.clipboard.writeText(this.#text.value);
    this.#status.textContent = gettext("Copied");
  }
}

customElements.define("lab-prompt", LabPrompt);
