import { build } from "../../../base/dom.js";
import { RowGeometry } from "../../../model/trace/row_geometry.js";

const HEIGHT = 28;
const LOW_HEIGHT = 22;
const NARROW_HEIGHT = 40;
const ROOT_FONT_PX = 16;

/** Where a row has its bar below its label instead of beside it. */
export const NARROW = matchMedia("(max-width: 56.25rem)");
const LOW = matchMedia("(max-height: 50rem)");

/**
 * A list of rows of which only those in sight are in the document, so that a hundred thousand
 * scroll as ten do. Below one of them details can be open; one is active, and has the focus when
 * the list has it.
 */
export class RowList {
  active = 0;
  #sizer = build("div", { role: "rowgroup", class: "sizer" });
  #details = build("div", { class: "details", role: "row" });
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  /** @type {Map<string, HTMLElement>} rows of what was shown before, by the keys of their spans */
  #earlier = new Map();
  #count = 0;
  #opened = -1;
  #detailsHeight = 0;
  #buildRow;
  #head;
  /** What is open may grow while it is read. */
  #grown = new ResizeObserver(() => {
    if (this.#opened < 0 || this.#details.offsetHeight === this.#detailsHeight) return;
    this.#detailsHeight = this.#details.offsetHeight;
    this.draw();
  });

  /**
   * @param {HTMLElement} head stays in sight
   * @param {HTMLElement[]} overlays lie over or below all rows
   * @param {(index: number) => HTMLElement} buildRow
   */
  constructor(head, overlays, buildRow) {
    this.#buildRow = buildRow;
    this.#head = head;
    this.#sizer.append(...overlays);
    this.element = build("div", { role: "presentation", class: "scroller" }, head, this.#sizer);
    this.#grown.observe(this.#details);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
  }

  /** @returns {number} how many rows are in sight, less one that stays when paging */
  get page() {
    return Math.max(1, Math.floor(this.#height / this.#geometry.height) - 1);
  }

  /** @returns {number} the index of the row at the top */
  get #top() {
    const { scrollTop } = this.element;
    return scrollTop ? this.#geometry.indexAt(scrollTop) : 0;
  }

  /** @returns {number} of what rows are seen in */
  get #height() {
    return this.element.clientHeight - this.#head.offsetHeight;
  }

  /** @returns {RowGeometry} */
  get #geometry() {
    return new RowGeometry({
      count: this.#count,
      height: rowHeight(),
      opened: this.#opened,
      detailsHeight: this.#detailsHeight,
    });
  }

  /**
   * Draws other rows. The one that was on top stays where it is, whatever has come before it.
   * @param {{count: number, active: number, opened: number}} list
   * @param {(key: string) => number} indexOf where the row of a span is now
   * @returns {void}
   */
  show({ count, active, opened }, indexOf) {
    const top = this.#top;
    const key = top ? this.#drawn.get(top)?.dataset.span : undefined;
    const now = key === undefined ? top : indexOf(key);
    this.#count = count;
    this.#opened = opened;
    this.active = active;
    const focused = this.#sizer.contains(document.activeElement);
    for (const row of this.#drawn.values()) {
      if (row.dataset.span) this.#earlier.set(row.dataset.span, row);
      else row.remove();
    }
    this.#drawn.clear();
    if (now >= 0 && now !== top) {
      this.#sizer.style.height = `${this.#geometry.totalHeight}px`;
      this.element.scrollTop += (now - top) * this.#geometry.height;
    }
    this.draw();
    this.#earlier.forEach((row) => row.remove());
    this.#earlier.clear();
    if (focused && !this.#sizer.contains(document.activeElement)) {
      this.#drawn.get(active)?.focus({ preventScroll: true });
    }
  }

  /**
   * Shows details below a row.
   * @param {number} index
   * @param {HTMLElement} content
   * @returns {void}
   */
  open(index, content) {
    this.#opened = index;
    this.#details.replaceChildren(content);
    this.#details.hidden = false;
    this.#sizer.append(this.#details);
    this.#detailsHeight = this.#details.offsetHeight;
    this.draw();
  }

  /** @returns {void} */
  close() {
    this.#opened = -1;
    this.#details.remove();
    this.#detailsHeight = 0;
  }

  /** @returns {void} */
  draw() {
    const geometry = this.#geometry;
    this.#sizer.style.height = `${geometry.totalHeight}px`;
    const { from, to } = geometry.inSight(this.element.scrollTop, this.#height);
    for (const [index, row] of this.#drawn) {
      // A focused row stays, wherever the list is scrolled to.
      if ((index < from || index >= to) && row !== document.activeElement) {
        row.remove();
        this.#drawn.delete(index);
      }
    }
    for (let index = from; index < to; index++) {
      if (this.#drawn.has(index)) continue;
      const row = this.#kept(this.#buildRow(index));
      row.setAttribute("tabindex", index === this.active ? "0" : "-1");
      row.setAttribute("aria-rowindex", String(index + 2));
      this.#drawn.set(index, row);
    }
    // In the order in which they are read; those that are there stay.
    /** @type {HTMLElement | null} */
    let next = null;
    for (let index = to - 1; index >= from; index--) {
      const row = this.#drawn.get(index);
      if (row && row.parentElement !== this.#sizer) this.#sizer.insertBefore(row, next);
      next = row ?? next;
    }
    for (const [index, row] of this.#drawn) {
      row.style.transform = `translateY(${geometry.top(index)}px)`;
    }
    this.#details.hidden = this.#opened < 0;
    this.#details.style.transform = `translateY(${geometry.detailsTop}px)`;
  }

  /**
   * Takes the row that was there before, where it shows the same.
   * @param {HTMLElement} row
   * @returns {HTMLElement}
   */
  #kept(row) {
    const earlier = this.#earlier.get(row.dataset.span ?? "");
    if (!earlier) return row;
    for (const name of ["tabindex", "aria-rowindex"]) {
      row.setAttribute(name, earlier.getAttribute(name) ?? "");
    }
    row.style.transform = earlier.style.transform;
    if (!earlier.isEqualNode(row)) return row;
    this.#earlier.delete(row.dataset.span ?? "");
    return earlier;
  }

  /**
   * Makes a row the active one, in sight and with the focus, for which the page does not move.
   * @param {number} index
   * @param {boolean} [focuses]
   * @returns {void}
   */
  activate(index, focuses = true) {
    const { element } = this;
    this.#drawn.get(this.active)?.setAttribute("tabindex", "-1");
    this.active = index;
    element.scrollTop = this.#geometry.scrolledTo(index, element.scrollTop, this.#height);
    this.draw();
    const row = this.#drawn.get(index);
    row?.setAttribute("tabindex", "0");
    if (focuses) row?.focus({ preventScroll: true });
  }
}

/** @returns {number} in pixels, as large as the text is */
function rowHeight() {
  const font = parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_FONT_PX;
  return font * (NARROW.matches ? NARROW_HEIGHT : LOW.matches ? LOW_HEIGHT : HEIGHT);
}
