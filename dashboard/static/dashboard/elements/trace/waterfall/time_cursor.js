import { build, pointerFraction } from "../../../base/dom.js";

/** What lies over all rows: the bands of the silences, and a line at the moment that the views share. */
export class TimeCursor {
  #line = build("i", { class: "cursor" });
  #lane = build("span", { class: "lane" });
  #over = build("span", { class: "lane" }, this.#line);
  /** Below the rows and over them. */
  under = build("div", { class: "row-of overlay", "aria-hidden": "true" }, this.#lane);
  over = build(
    "div",
    { class: "row-of overlay over", "aria-hidden": "true" },
    this.#over,
  );

  /**
   * @param {HTMLElement[]} parts that lie over all rows as well
   * @returns {void}
   */
  cover(parts) {
    this.#over.prepend(...parts);
  }

  /**
   * @param {HTMLElement[]} bands
   * @returns {void}
   */
  draw(bands) {
    this.#lane.replaceChildren(...bands);
  }

  /**
   * @param {import("../../../model/trace/axis.js").Axis} axis
   * @param {number | null} moment
   * @returns {void}
   */
  show(axis, moment) {
    this.#line.hidden = moment === null || moment < axis.first || moment > axis.last;
    if (moment !== null) this.#line.style.left = `${axis.position(moment) * 100}%`;
  }

  /**
   * Which moment the pointer is at.
   * @param {PointerEvent} event
   * @param {import("../../../model/trace/axis.js").Axis} axis
   * @returns {number | null} null beside the lane of time
   */
  momentAt(event, axis) {
    const box = this.#lane.getBoundingClientRect();
    if (!box.width || event.clientX < box.left || event.clientX > box.right) return null;
    return axis.moment(pointerFraction(event, this.#lane));
  }
}
