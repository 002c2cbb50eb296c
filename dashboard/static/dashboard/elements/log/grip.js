import { build } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";

const LEAST = 80;
const STEP = 24;
const DEFAULT = 206;
const KEPT = "log-height";

/** The upper edge of a region, by which its height is changed; the browser keeps it. */
export class Grip {
  #region;

  /** @param {HTMLElement} region */
  constructor(region) {
    this.#region = region;
    this.element = build("div", {
      class: "grip",
      role: "separator",
      tabindex: "0",
      "aria-orientation": "horizontal",
      "aria-label": gettext("Height of the log"),
      "aria-valuemin": String(LEAST),
      "aria-valuenow": String(DEFAULT),
    });
    this.element.addEventListener("pointerdown", (event) => this.#drag(event));
    this.element.addEventListener("keydown", (event) => {
      const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#set(this.#region.offsetHeight + step);
    });
    const kept = Number(localStorage.getItem(KEPT));
    if (kept) this.#set(kept);
  }

  /**
   * @param {PointerEvent} event
   * @returns {void}
   */
  #drag(event) {
    const { clientY } = event;
    const height = this.#region.offsetHeight;
    const move = (/** @type {PointerEvent} */ moved) => this.#set(height + clientY - moved.clientY);
    this.element.setPointerCapture(event.pointerId);
    this.element.addEventListener("pointermove", move);
    this.element.addEventListener("pointerup", () => {
      this.element.removeEventListener("pointermove", move);
    }, { once: true });
  }

  /**
   * @param {number} requested
   * @returns {void}
   */
  #set(requested) {
    const height = Math.round(Math.min(Math.max(LEAST, requested), innerHeight * 0.6));
    document.documentElement.style.setProperty("--log-height", `${height}px`);
    this.element.setAttribute("aria-valuenow", String(height));
    localStorage.setItem(KEPT, String(height));
  }
}
