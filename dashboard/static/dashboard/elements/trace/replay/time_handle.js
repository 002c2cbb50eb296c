import { build, pointerFraction } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";

/** @typedef {import("../../../model/trace/axis.js").Axis} Axis */

/** So near to the end, in parts of the axis, the handle rests there. */
const REST = 0.995;

/**
 * The handle of time over an axis: a grip in its head that is dragged, a line over all that is below,
 * and a veil over what has not happened yet.
 */
export class TimeHandle {
  grip = build("span", { class: "time-grip", title: gettext("Drag to go through time") });
  /** Over the rows. */
  parts = [build("i", { class: "not-yet" }), build("i", { class: "time-line" })];
  #axis = /** @type {Axis | null} */ (null);

  /**
   * @param {HTMLElement} head along which it is dragged
   * @param {(at: number | null) => void} move null to the end
   */
  constructor(head, move) {
    this.grip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      this.grip.setPointerCapture(event.pointerId);
    });
    this.grip.addEventListener("pointermove", (event) => {
      if (!this.grip.hasPointerCapture(event.pointerId) || !this.#axis) return;
      const share = pointerFraction(event, head);
      move(share >= REST ? null : this.#axis.moment(share));
    });
  }

  /**
   * @param {Axis} axis
   * @param {number | null} at null at the end
   * @returns {void}
   */
  show(axis, at) {
    this.#axis = axis;
    const left = `${at === null ? 100 : axis.position(at) * 100}%`;
    this.grip.style.left = left;
    this.grip.classList.toggle("resting", at === null);
    for (const each of this.parts) {
      each.hidden = at === null;
      each.style.left = left;
    }
  }
}
