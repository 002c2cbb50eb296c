import { arrange, build, button, scrollable } from "../../base/dom.js";
import { gettext, ngettext, sentences } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { newerThan } from "../../model/following.js";
import { differs, waits } from "../../model/orders.js";
import { OrderRow } from "./order_row.js";

/**
 * @typedef {import("../../model/orders.js").Order} Order
 * @typedef {import("../../model/order_book.js").Listed} Listed
 */

/**
 * The table of orders. One that is chosen is sent as `choose`; `unpin` asks to follow the newest
 * again. Rows stay in place and change, and a new one pushes none down (their transforms are their
 * places); a chosen one stays however many follow.
 */
export class LabOrders extends HTMLElement {
  /** @type {Map<string, OrderRow>} */
  #rows = new Map();
  /** @type {Order[]} */
  #orders = [];
  #chosen = "";
  /** @type {"pinned" | "run" | ""} */
  #held = "";
  #body = build("tbody", { role: "rowgroup" });
  #empty = build("p", { class: "empty" }, gettext("Loading …"));
  #note = build("p", { class: "foot", role: "status" });
  #pill = button("", () => this.dispatchEvent(new CustomEvent("unpin")), { class: "pill" });
  #list = build("div");

  /** @returns {void} */
  connectedCallback() {
    const headings = [
      gettext("time"),
      gettext("order"),
      gettext("API believes"),
      build("span", { class: "visually-hidden" }, gettext("The two sides differ")),
      gettext("worker did"),
      gettext("error"),
    ];
    const head = headings.map((each) => build("th", { role: "columnheader" }, each));
    const table = build(
      "table",
      { role: "table" },
      build("thead", { role: "rowgroup" }, build("tr", { role: "row" }, ...head)),
      this.#body,
    );
    this.#list = scrollable(gettext("List of orders"), table, this.#empty);
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    const title = build("h2", {}, gettext("Orders"));
    this.replaceChildren(
      build("div", { class: "head" }, title, this.#pill),
      this.#list,
      this.#note,
    );
    this.#mark();
  }

  /**
   * @param {Listed} listed
   * @returns {void}
   */
  show(listed) {
    // What the API held last stays in sight while it does not answer.
    this.classList.toggle("stale", !listed.apiAnswers);
    if (!this.#empty.childElementCount) {
      this.#empty.replaceChildren(
        build("b", {}, gettext("No orders yet")),
        gettext("Each order shows here what the API believes beside what the worker did."),
      );
    }
    this.#draw(listed.orders);
    this.#note.replaceChildren(...summary(listed, this.#orders));
    const silent = !this.#orders.length && listed.apiAnswers && listed.workerAnswers;
    this.#note.classList.toggle("visually-hidden", silent);
    this.#mark();
  }

  /**
   * @param {string} orderId that is shown beside the table
   * @param {"pinned" | "run" | ""} held why the newest is not followed: the reader chose this one, or
   *   an experiment's fault hit it
   * @returns {void}
   */
  mark(orderId, held) {
    this.#chosen = orderId;
    this.#held = held;
    this.#mark();
  }

  /**
   * Chooses the next or the previous order.
   * @param {1 | -1} step
   * @returns {void}
   */
  move(step) {
    const at = this.#orders.findIndex((order) => order.orderId === this.#chosen);
    const order = this.#orders[Math.max(0, at + step)];
    if (order) this.#choose(order);
  }

  /**
   * @param {Order[]} orders
   * @returns {void}
   */
  #draw(orders) {
    const scrolled = this.#list.scrollTop;
    const height = this.#body.firstElementChild?.clientHeight ?? 0;
    const top = scrolled ? this.#orders[Math.floor(scrolled / height)]?.orderId : undefined;
    const before = this.#orders.findIndex((order) => order.orderId === top);
    const chosen = this.#rows.get(this.#chosen)?.order;
    const kept = chosen && orders.every((order) => order.orderId !== this.#chosen);
    this.#orders = kept ? [...orders, chosen] : orders;
    const known = new Set(this.#orders.map((order) => order.orderId));
    for (const orderId of this.#rows.keys()) if (!known.has(orderId)) this.#rows.delete(orderId);
    const elements = this.#orders.map((order, at) => {
      const row = this.#rows.get(order.orderId) ??
        new OrderRow(order, (each) => this.#choose(each));
      this.#rows.set(order.orderId, row);
      row.show(order);
      row.element.style.setProperty("--at", String(at));
      return row.element;
    });
    arrange(this.#body, elements);
    this.#body.style.setProperty("--rows", String(this.#orders.length));
    this.#empty.hidden = this.#orders.length > 0;
    // What is read stays where it is, however many come above it.
    const now = this.#orders.findIndex((order) => order.orderId === top);
    if (now > before && before >= 0) this.#list.scrollTop = scrolled + (now - before) * height;
  }

  /** @returns {void} */
  #mark() {
    for (const [orderId, row] of this.#rows) {
      const current = orderId === this.#chosen;
      row.element.toggleAttribute("aria-current", current);
      row.control.tabIndex = current ? 0 : -1;
    }
    const newer = newerThan(this.#orders, this.#chosen);
    this.#pill.hidden = !this.#orders.length;
    const text = !this.#held
      ? gettext("Following newest")
      : this.#held === "run"
      ? ngettext("The experiment's order · %s newer", "The experiment's order · %s newer", newer)
      : newer
      ? ngettext("Pinned · %s newer", "Pinned · %s newer", newer)
      : gettext("Pinned");
    if (this.#pill.dataset.says === text) return;
    this.#pill.dataset.says = text;
    this.#pill.disabled = !this.#held;
    this.#pill.replaceChildren(
      ...(this.#held === "pinned" ? [icon("pin")] : []),
      text,
      ...(this.#held ? [build("kbd", { "aria-hidden": "true" }, "P")] : []),
    );
  }

  /**
   * @param {Order} order
   * @returns {void}
   */
  #choose(order) {
    this.dispatchEvent(new CustomEvent("choose", { detail: order }));
    const row = this.#rows.get(order.orderId);
    row?.control.focus({ preventScroll: true });
    row?.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.move(event.key === "ArrowDown" ? 1 : -1);
  }
}

/**
 * How the two sides compare, or which does not answer.
 * @param {Listed} listed
 * @param {Order[]} orders that are shown
 * @returns {Array<Node | string>}
 */
function summary({ apiAnswers, workerAnswers }, orders) {
  const missing = [
    ...(apiAnswers ? [] : [gettext("The API does not answer, not even when asked directly.")]),
    ...(workerAnswers ? [] : [
      gettext(
        "The worker does not answer, not even when asked directly: what it did is not known.",
      ),
    ]),
  ];
  if (missing.length) return [sentences(missing)];
  const differing = orders.filter(differs).length;
  if (!orders.length) return [gettext("No order yet. Place one, and watch it go.")];
  const waiting = orders.filter(waits).length;
  const notes = [
    ...(differing
      ? [ngettext(
        "%s order on which the two sides differ.",
        "%s orders on which the two sides differ.",
        differing,
      )]
      : []),
    ...(waiting
      ? [ngettext(
        "%s order is PENDING, and the worker has nothing for it.",
        "%s orders are PENDING, and the worker has nothing for them.",
        waiting,
      )]
      : []),
  ];
  if (!notes.length) return [gettext("Both sides agree on every order shown.")];
  const sign = build("span", { class: "differs", "aria-hidden": "true" }, "≠");
  return [...(differing ? [sign] : []), build("span", {}, sentences(notes))];
}

customElements.define("lab-orders", LabOrders);
