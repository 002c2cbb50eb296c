import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { timeOfDay } from "../../base/time.js";
import { differs } from "../../model/orders.js";
import { errorText } from "../shared/error_text.js";

/**
 * @typedef {import("../../model/orders.js").Order} Order
 * @typedef {import("../../base/icons.js").IconName} IconName
 */

/** @type {Record<string, [string, IconName]>} */
const SIGNS = {
  PENDING: ["warn", "clock"],
  CONFIRMED: ["good", "check"],
  RESERVED: ["good", "check"],
  REJECTED: ["bad", "close"],
  CANCELLED: ["none", "close"],
  RELEASED: ["none", "repeat"],
};

/** A row of the table of orders, changed in place when its order does. */
export class OrderRow {
  #shown = "";
  #believes = cell();
  #differs = cell({ class: "differs" });
  #did = cell();
  #error = build("span", { class: "mono" });

  /**
   * @param {Order} order
   * @param {(order: Order) => void} choose
   */
  constructor(order, choose) {
    this.order = order;
    const { orderId, createdAt } = order;
    this.control = button(orderId.slice(0, 8), () => choose(this.order), {
      class: "id mono",
      "data-order": orderId,
      "aria-label": interpolate(gettext("Order %(id)s: what happened"), { id: orderId }),
      title: orderId,
      tabindex: "-1",
    });
    this.element = build(
      "tr",
      { role: "row" },
      cell({ class: "time" }, build("span", { class: "mono" }, timeOfDay(new Date(createdAt)))),
      cell({}, this.control),
      this.#believes,
      this.#differs,
      this.#did,
      cell({ class: "error" }, this.#error),
    );
    this.element.addEventListener("click", (event) => {
      if (event.target !== this.control) choose(this.order);
    });
    this.show(order);
  }

  /**
   * @param {Order} order
   * @returns {void}
   */
  show(order) {
    this.order = order;
    const shown = JSON.stringify([order.status, order.reservation, order.errorKinds]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#believes.replaceChildren(status(order.status));
    this.#did.replaceChildren(worker(order));
    const differ = differs(order);
    this.#differs.textContent = differ ? "≠" : "";
    this.#differs.title = differ ? gettext("The two sides differ") : "";
    this.#error.textContent = order.errorKinds.map(errorText).join(", ");
    this.#error.title = this.#error.textContent;
  }
}

/**
 * Builds a cell, which is one to a screen reader whatever its style makes of it.
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
function cell(attributes = {}, ...children) {
  return build("td", { role: "cell", ...attributes }, ...children);
}

/**
 * @param {string} value
 * @param {string} [text]
 * @returns {HTMLElement}
 */
function status(value, text = value) {
  const [tone, sign] = SIGNS[value] ?? ["none", "dash"];
  return build("span", { class: `status ${tone}` }, icon(sign), text);
}

/**
 * @param {Order} order
 * @returns {HTMLElement}
 */
function worker({ reservation }) {
  if (reservation === "unknown") return status("", gettext("not known"));
  if (reservation === null) return status("", gettext("nothing"));
  if (reservation.count === 1) return status(reservation.status);
  const text = `${reservation.status} × ${reservation.count}`;
  return status(reservation.status === "RELEASED" ? "RELEASED" : "REJECTED", text);
}
