import { build, button } from "../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { popover } from "../../base/popover.js";
import { duration } from "../../base/time.js";

const SKUS = ["apple", "banana", "cherry", "sold-out"];
const MAX_RATE = 50;
const MANY = 10;

/** Placing orders: one, ten, or a steady rate. It uses the `client` that the page gives it. */
export class LabPlace extends HTMLElement {
  /** @type {import("../../wire/client.js").Client | null} */
  client = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #waiting = 0;
  #sku = /** @type {HTMLSelectElement} */ (build(
    "select",
    {},
    ...SKUS.map((sku) => build("option", {}, sku)),
  ));
  #quantity = number({ min: "1", max: "100", value: "1" });
  #rate = number({ min: "0.1", max: String(MAX_RATE), step: "any", value: "2" });
  #perSecond = build("span", { class: "rate" });
  #steady = button("", () => this.#toggle(), { "aria-pressed": "false" });
  #status = build("p", { class: "status", role: "status" });

  /** @returns {void} */
  connectedCallback() {
    const place = button(gettext("Place order"), () => this.place(1), { class: "primary" });
    place.append(build("kbd", { "aria-hidden": "true" }, "O"));
    const label = gettext("Item, quantity and rate");
    const opener = button("", () => {}, { class: "primary", "aria-label": label, title: label });
    opener.append(icon("down"));
    const many = button(`×${MANY}`, () => this.place(MANY), {
      "aria-label": interpolate(gettext("Place %(count)s"), { count: MANY }),
    });
    this.#rate.addEventListener("input", () => this.#showSteady());
    this.#showSteady();
    const menu = popover(
      opener,
      label,
      field(gettext("item"), this.#sku),
      field(gettext("quantity"), this.#quantity),
      field(gettext("orders a second"), this.#rate),
    );
    this.replaceChildren(
      build("div", { class: "split" }, place, opener, menu),
      build("div", { class: "more" }, many, this.#steady),
      this.#status,
    );
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /**
   * Places some orders at once.
   * @param {number} count
   * @returns {void}
   */
  place(count) {
    const order = { sku: this.#sku.value, quantity: Number(this.#quantity.value) };
    for (let number = 0; number < count; number++) this.#one(order);
  }

  /**
   * Says nothing more of the last order: what is shown now is another.
   * @returns {void}
   */
  forget() {
    this.#report("");
  }

  /**
   * @param {{sku: string, quantity: number}} order
   * @returns {Promise<void>}
   */
  async #one(order) {
    if (!this.client) return;
    this.#waiting++;
    this.#reportWaiting();
    const placed = await this.client.place(order);
    this.#waiting--;
    if (this.#waiting) {
      this.#reportWaiting();
    } else if (placed.httpStatus === null) {
      this.#report(
        gettext("The client got no answer: it cannot know whether the order arrived."),
        true,
      );
    } else if (placed.error) {
      this.#report(`${placed.httpStatus}: ${placed.error}`, true);
    } else {
      const values = {
        code: `${placed.httpStatus}`,
        status: placed.status ?? "",
        took: duration(placed.durationMs),
      };
      this.#report(interpolate(gettext("%(code)s, %(status)s, after %(took)s"), values));
    }
    this.dispatchEvent(new CustomEvent("placed", { detail: placed }));
  }

  /** @returns {void} */
  #reportWaiting() {
    this.#report(
      ngettext(
        "%s order is waiting for its answer …",
        "%s orders are waiting for their answers …",
        this.#waiting,
      ),
    );
  }

  /** @returns {number} orders a second, within bounds */
  get #perSecondWanted() {
    return Math.min(MAX_RATE, Math.max(0.1, Number(this.#rate.value) || 1));
  }

  /** @returns {void} */
  #showSteady() {
    const running = this.#timer !== undefined;
    this.#steady.setAttribute("aria-pressed", String(running));
    this.#perSecond.textContent = interpolate(gettext("%(rate)s/s"), {
      rate: this.#perSecondWanted,
    });
    this.#steady.replaceChildren(running ? gettext("Stop") : gettext("Steady"), this.#perSecond);
  }

  /** @returns {void} */
  #toggle() {
    const running = this.#timer !== undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!running) {
      this.place(1);
      this.#timer = setInterval(() => this.place(1), 1000 / this.#perSecondWanted);
    }
    this.#showSteady();
  }

  /**
   * @param {string} text
   * @param {boolean} [bad]
   * @returns {void}
   */
  #report(text, bad = false) {
    this.#status.textContent = text;
    this.#status.title = text;
    this.#status.classList.toggle("bad", bad);
  }
}

/**
 * @param {Record<string, string>} attributes
 * @returns {HTMLInputElement}
 */
function number(attributes) {
  return /** @type {HTMLInputElement} */ (build("input", { type: "number", ...attributes }));
}

/**
 * @param {string} title
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function field(title, control) {
  return build("label", { class: "field" }, build("span", {}, title), control);
}

customElements.define("lab-place", LabPlace);
