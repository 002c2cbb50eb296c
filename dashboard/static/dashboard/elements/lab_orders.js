import { build, button, svg } from "../base/dom.js";
import { gettext, interpolate, ngettext } from "../base/i18n.js";
import { duration } from "../base/time.js";

/**
 * @typedef {object} Order One order as both services hold it.
 * @property {string} orderId
 * @property {string} requestId
 * @property {string} createdAt
 * @property {string} sku
 * @property {number} quantity
 * @property {string} status what the API believes
 * @property {{status: string, count: number} | "unknown" | null} reservation what the worker did
 * @property {string | null} traceId
 * @property {string[]} errorKinds
 * @property {number | null} durationMs
 *
 * @typedef {object} Listed
 * @property {Order[]} orders
 * @property {boolean} apiAnswers
 * @property {boolean} workerAnswers
 */

const SYMBOLS = /** @type {Record<string, string>} */ ({
  PENDING: "◔",
  CONFIRMED: "✓",
  REJECTED: "✕",
  CANCELLED: "⊘",
  RESERVED: "✓",
  RELEASED: "↺",
});
const TONES = /** @type {Record<string, string>} */ ({
  PENDING: "warn",
  CONFIRMED: "good",
  RESERVED: "good",
  REJECTED: "bad",
});
const LONGEST_BAR_MS = 10000;

/** The table of orders; a chosen one is sent as `choose` with `{orderId, traceId}`. */
export class LabOrders extends HTMLElement {
  #body = build("tbody");
  #note = build("p", { class: "quiet", role: "status" });
  #chosen = "";

  /** @returns {void} */
  connectedCallback() {
    const heads = [
      gettext("Time"),
      gettext("Order"),
      gettext("API believes"),
      gettext("Worker did"),
      gettext("Error"),
      gettext("Duration"),
    ];
    this.replaceChildren(
      build(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": gettext("List of orders") },
        build(
          "table",
          {},
          build(
            "thead",
            {},
            build("tr", {}, ...heads.map((head) => build("th", { scope: "col" }, head))),
          ),
          this.#body,
        ),
      ),
      this.#note,
    );
  }

  /**
   * @param {Listed} listed
   * @returns {void}
   */
  show(listed) {
    const focused = document.activeElement?.getAttribute("data-order");
    this.#body.replaceChildren(...listed.orders.map((order) => this.#row(order)));
    if (focused) {
      /** @type {HTMLElement | null} */ (this.querySelector(`[data-order="${focused}"]`))?.focus();
    }
    this.#note.textContent = this.#says(listed);
  }

  /** @param {string} orderId that is shown beside the table */
  set chosen(orderId) {
    this.#chosen = orderId;
    for (const row of this.#body.children) {
      row.toggleAttribute("aria-current", row.querySelector(`[data-order="${orderId}"]`) !== null);
    }
  }

  /**
   * @param {Listed} listed
   * @returns {string}
   */
  #says(listed) {
    const missing = [
      ...(listed.apiAnswers ? [] : [gettext("The API does not answer, not even out of band.")]),
      ...(listed.workerAnswers ? [] : [
        gettext("The worker does not answer, not even out of band: what it did is not known."),
      ]),
    ];
    if (missing.length) return missing.join(" ");
    const differing = listed.orders.filter(differs).length;
    if (!listed.orders.length) return gettext("No order yet. Place one, and watch it go.");
    return differing
      ? ngettext(
        "%s order on which the two sides differ.",
        "%s orders on which the two sides differ.",
        differing,
      )
      : gettext("Both sides agree on every order shown.");
  }

  /**
   * @param {Order} order
   * @returns {HTMLElement}
   */
  #row(order) {
    const choose = button(
      order.orderId.slice(0, 8),
      () => this.dispatchEvent(new CustomEvent("choose", { detail: order })),
      {
        class: "link mono",
        "data-order": order.orderId,
        "aria-label": interpolate(gettext("Order %(id)s: what happened"), { id: order.orderId }),
      },
    );
    const row = build(
      "tr",
      { class: differs(order) ? "differs" : "" },
      build("td", { class: "mono quiet" }, new Date(order.createdAt).toLocaleTimeString()),
      build("td", {}, choose),
      build("td", {}, badge(order.status)),
      build("td", {}, worker(order)),
      build("td", { class: "mono error" }, order.errorKinds.join(", ")),
      build(
        "td",
        { class: "took" },
        build("span", {}, order.durationMs === null ? "" : duration(order.durationMs)),
        bar(order),
      ),
    );
    row.toggleAttribute("aria-current", order.orderId === this.#chosen);
    return row;
  }
}

/**
 * @param {string} status
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function badge(status, text = status) {
  const symbol = SYMBOLS[status] ?? "";
  return build(
    "span",
    { class: `badge ${TONES[status] ?? ""}` },
    ...(symbol ? [build("span", { "aria-hidden": "true" }, symbol)] : []),
    text,
  );
}

/**
 * Whether the two sides hold different things of an order.
 * @param {Order} order
 * @returns {boolean}
 */
export function differs(order) {
  const { reservation, status } = order;
  if (reservation === "unknown") return false;
  if (status === "CANCELLED") return reservation !== null && reservation.status === "RESERVED";
  if (reservation === null) return status !== "PENDING";
  if (reservation.count > 1) return true;
  return status !== (reservation.status === "RESERVED" ? "CONFIRMED" : "REJECTED");
}

/**
 * @param {Order} order
 * @returns {HTMLElement}
 */
function worker(order) {
  const { reservation } = order;
  if (reservation === "unknown") return build("span", { class: "badge" }, gettext("not known"));
  if (reservation === null) return build("span", { class: "badge" }, gettext("nothing"));
  const text = reservation.count > 1
    ? `${reservation.status} × ${reservation.count}`
    : reservation.status;
  return badge(
    reservation.count > 1 && reservation.status !== "RELEASED" ? "REJECTED" : reservation.status,
    text,
  );
}

/**
 * @param {Order} order
 * @returns {SVGElement}
 */
function bar(order) {
  // Logarithmic, since a whole call takes milliseconds and one that waits takes seconds.
  const share = Math.log10(1 + (order.durationMs ?? 0)) / Math.log10(1 + LONGEST_BAR_MS);
  return svg(
    "svg",
    { viewBox: "0 0 60 6", "aria-hidden": "true", class: TONES[order.status] ?? "" },
    svg("rect", { width: 60, height: 6, rx: 3, class: "ground" }),
    svg("rect", { width: Math.max(2, Math.min(1, share) * 60), height: 6, rx: 3 }),
  );
}

customElements.define("lab-orders", LabOrders);
