import { build } from "./dom.js";

const GAP = 4;

/**
 * Builds a panel over the page that opens below `opener` when that is pressed, and closes on Escape
 * and when something else is pressed.
 * @param {HTMLElement} opener
 * @param {string} label
 * @param {...Node} children
 * @returns {HTMLElement} to be put beside the opener
 */
export function popover(opener, label, ...children) {
  const panel = build(
    "div",
    { popover: "auto", class: "popover", role: "dialog", "aria-label": label },
    ...children,
  );
  anchor(panel, opener);
  return panel;
}

/**
 * Lets a button open a panel, below it.
 * @param {HTMLElement} panel
 * @param {HTMLElement} opener
 * @returns {void}
 */
export function anchor(panel, opener) {
  /** @type {HTMLButtonElement} */ (opener).popoverTargetElement = panel;
  opener.setAttribute("aria-haspopup", "dialog");
  panel.addEventListener("toggle", () => place(panel, opener));
}

/**
 * Places an open panel below what opened it, or above where there is more room, and within the page.
 * @param {HTMLElement} panel
 * @param {HTMLElement} opener
 * @returns {void}
 */
function place(panel, opener) {
  const from = opener.getBoundingClientRect();
  const width = panel.offsetWidth;
  const below = innerHeight - from.bottom;
  panel.style.left = `${Math.max(GAP, Math.min(from.left, innerWidth - width - GAP))}px`;
  const above = below < panel.offsetHeight && from.top > below;
  panel.style.top = above ? "auto" : `${from.bottom + GAP}px`;
  panel.style.bottom = above ? `${innerHeight - from.top + GAP}px` : "auto";
  panel.style.maxHeight = `${(above ? from.top : below) - 2 * GAP}px`;
}
