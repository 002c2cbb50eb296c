import { build, button } from "../base/dom.js";
import { gettext, interpolate, ngettext } from "../base/i18n.js";
import { duration } from "../base/time.js";

const SKUS = ["apple", "banana", "cherry", "sold-out"];
const HIGHEST_RATE = 50;

/** Placing orders: one, ten, or a steady rate. It uses the `client` that the page gives it. */
export class LabPlace extends HTMLElement {
  /** @type {import("../wire/client.js").Client | null} */
  client = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #beating;
  #waiting = 0;
  #sku = /** @type {HTMLSelectElement} */ (build(
    "select",
    { "aria-label": gettext("article") },
    ...SKUS.map((sku) => build("option", {}, sku)),
  ));
  #quantity = /** @type {HTMLInputElement} */ (build("input", {
    type: "number",
    min: "1",
    max: "100",
    value: "1",
    "aria-label": gettext("quantity"),
  }));
  #rate = /** @type {HTMLInputElement} */ (build("input", {
    type: "number",
    min: "0.1",
    max: String(HIGHEST_RATE),
    step: "any",
    value: "2",
    "aria-label": gettext("orders a second"),
  }));
  #steady = button(gettext("Steady"), () => this.#toggle(), { "aria-pressed": "false" });
  #said = build("p", { class: "quiet said", role: "status" });

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(
      build(
        "p",
        { class: "row" },
        button(gettext("Place order"), () => this.#place(1), { class: "primary" }),
        button(gettext("Place 10"), () => this.#place(10)),
        this.#steady,
        build(
          "span",
          { class: "pair" },
          this.#rate,
          build("span", { class: "quiet" }, gettext("/s")),
        ),
        build("span", { class: "pair" }, this.#quantity, this.#sku),
      ),
      this.#said,
    );
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#beating);
  }

  /**
   * @param {number} count
   * @returns {void}
   */
  #place(count) {
    const order = { sku: this.#sku.value, quantity: Number(this.#quantity.value) };
    for (let number = 0; number < count; number++) this.#one(order);
  }

  /**
   * @param {{sku: string, quantity: number}} order
   * @returns {Promise<void>}
   */
  async #one(order) {
    if (!this.client) return;
    this.#waiting++;
    this.#say(
      ngettext(
        "%s order is waiting for its answer …",
        "%s orders are waiting for their answers …",
        this.#waiting,
      ),
    );
    const placed = await this.client.place(order);
    this.#waiting--;
    const took = duration(placed.durationMs);
    if (this.#waiting) {
      this.#say(
        ngettext(
          "%s order is waiting for its answer …",
          "%s orders are waiting for their answers …",
          this.#waiting,
        ),
      );
    } else if (placed.httpStatus === null) {
      this.#say(
        gettext("The client got no answer: it cannot know whether the order arrived."),
        true,
      );
    } else if (placed.error) {
      this.#say(`${placed.httpStatus}: ${placed.error}`, true);
    } else {
      const values = { status: placed.status ?? "", took };
      this.#say(interpolate(gettext("201, %(status)s, after %(took)s"), values));
    }
    this.dispatchEvent(new CustomEvent("placed", { detail: placed }));
  }

  /** @returns {void} */
  #toggle() {
    const running = this.#beating !== undefined;
    clearInterval(this.#beating);
    this.#beating = undefined;
    if (!running) {
      const rate = Math.min(HIGHEST_RATE, Math.max(0.1, Number(this.#rate.value) || 1));
      this.#place(1);
      this.#beating = setInterval(() => this.#place(1), 1000 / rate);
    }
    this.#steady.setAttribute("aria-pressed", String(!running));
    this.#steady.textContent = running ? gettext("Steady") : gettext("Stop");
  }

  /**
   * @param {string} text
   * @param {boolean} [bad]
   * @returns {void}
   */
  #say(text, bad = false) {
    this.#said.textContent = text;
    this.#said.classList.toggle("bad", bad);
  }
}

customElements.define("lab-place", LabPlace);
