import { build } from "../../base/dom.js";

const SYMBOLS = /** @type {Record<string, string>} */ ({
  PENDING: "◔",
  CONFIRMED: "✓",
  REJECTED: "✕",
  CANCELLED: "⊘",
  RESERVED: "✓",
  RELEASED: "↺",
});

/**
 * Whether a text is a status of orders.
 * @param {string} text
 * @returns {boolean}
 */
export function isStatus(text) {
  return Object.hasOwn(SYMBOLS, text);
}

/** The tones of statuses that have one. */
export const TONES = /** @type {Record<string, string>} */ ({
  PENDING: "warn",
  CONFIRMED: "good",
  RESERVED: "good",
  REJECTED: "bad",
});

/**
 * The badge of an order's or a reservation's status.
 * @param {string} status
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function statusBadge(status, text = status) {
  const symbol = SYMBOLS[status] ?? "";
  return build(
    "span",
    { class: `badge ${TONES[status] ?? ""}` },
    ...(symbol ? [build("span", { "aria-hidden": "true" }, symbol)] : []),
    text,
  );
}
