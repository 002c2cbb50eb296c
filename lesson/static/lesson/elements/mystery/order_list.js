import { build, button } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";

/** @typedef {{orderId: string, status: string, traceId: string | null, look: string | null}} Order */

/** The learner's orders, of which one is chosen. */
export class OrderList {
  element = build("ol", { class: "plain orders" });
  /** The id of the chosen order; the first one is chosen when it is none of them. */
  chosenId = "";
  /** @type {Order[]} */
  #orders = [];
  #onChoose;

  /** @param {() => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  /** @returns {Order | undefined} */
  get chosen() {
    return this.#orders.find(({ orderId }) => orderId === this.chosenId);
  }

  /**
   * @param {Order[]} orders
   * @returns {void}
   */
  show(orders) {
    this.#orders = orders;
    if (!this.chosen) this.chosenId = orders[0]?.orderId ?? "";
    const none = build("li", { class: "quiet" }, gettext("Place an order to see what happens."));
    const rows = orders.map((order) => this.#row(order));
    this.element.replaceChildren(...(rows.length ? rows : [none]));
  }

  /**
   * @param {Order} order
   * @returns {HTMLElement}
   */
  #row({ orderId, status, look }) {
    const choose = () => {
      this.chosenId = orderId;
      this.#onChoose();
    };
    return build(
      "li",
      {},
      button(orderId.slice(0, 8), choose, {
        class: "mono",
        "aria-pressed": String(orderId === this.chosenId),
      }),
      build("span", { class: `badge ${status === "CONFIRMED" ? "good" : "warn"}` }, status),
      build("span", { class: "quiet" }, look ?? gettext("under way")),
    );
  }
}
