import { svg } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";

const GRIP = { width: 22, height: 14 };

/** The handle of time across a drawing in which time runs downwards. */
export class MessageHandle {
  #veil = svg("rect", { class: "not-yet", x: 0 });
  #line = svg("path", { class: "time-line" });
  #reach = svg("rect", { class: "reach", width: 48, height: 48 });
  #grip = svg("rect", { class: "grip", rx: 5, ...GRIP });
  element = svg(
    "g",
    { class: "time-handle" },
    this.#veil,
    this.#line,
    svg(
      "g",
      { class: "grips" },
      svg("title", {}, gettext("Drag to go through time")),
      this.#reach,
      this.#grip,
    ),
  );
  #dragged = false;

  /**
   * @param {HTMLElement} owner of the drawing; it stays while that is drawn anew
   * @param {(y: number) => void} move to a height of the drawing
   */
  constructor(owner, move) {
    owner.addEventListener("pointerdown", (event) => {
      const grips = /** @type {Element} */ (event.target).closest(".grips");
      if (!grips || event.button) return;
      event.preventDefault();
      this.#dragged = true;
      owner.setPointerCapture(event.pointerId);
    });
    owner.addEventListener("pointermove", (event) => {
      const picture = this.element.ownerSVGElement;
      if (!this.#dragged || !picture) return;
      const box = picture.getBoundingClientRect();
      move(((event.clientY - box.top) / box.height) * picture.viewBox.baseVal.height);
    });
    for (const type of ["pointerup", "pointercancel"]) {
      owner.addEventListener(type, () => this.#dragged = false);
    }
  }

  /**
   * @param {number | null} y null at the end
   * @param {number} end where it rests
   * @param {number} width
   * @param {number} height
   * @returns {void}
   */
  show(y, end, width, height) {
    const at = y ?? end;
    this.element.classList.toggle("resting", y === null);
    this.#line.setAttribute("d", `M0 ${at}H${width}`);
    place(this.#veil, { y: at, width, height: Math.max(0, height - at) });
    place(this.#grip, { x: width - GRIP.width - 2, y: at - GRIP.height / 2 });
    place(this.#reach, { x: width - 48, y: at - 24 });
  }
}

/**
 * @param {SVGElement} element
 * @param {Record<string, number>} attributes
 * @returns {void}
 */
function place(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
