import { build, change } from "../../../base/dom.js";
import { RowGeometry } from "../../../model/trace/row_geometry.js";

const HEIGHT = 28;
const LOW_HEIGHT = 22;
const NARROW_HEIGHT = 40;
const ROOT_FONT_PX = 16;

/** Where a row has its bar below its label instead of beside it. */
export const NARROW = matchMedia("(max-width: 56.25rem)");
const LOW = matchMedia("(max-height: 50rem)");

/**
 * @template {{element: HTMLElement}} T
 * @typedef {object} Rows What a list shows.
 * @property {() => T} make a row, which shows nothing yet
 * @property {(row: T, index: number) => void} show has a row show what stands at a place of the list
 * @property {(index: number) => string} keyAt what stands there
 */

/**
 * A list of rows of which only those in sight are in the document, so that a hundred thousand
 * scroll as ten do; a row that leaves it shows what comes. Below one of them details can be open; one is
 * active, and has the focus when the list has it.
 * @template {{element: HTMLElement}} T
 */
export class RowList {
  active = 0;
  #sizer = build("div", { role: "rowgroup", class: "sizer" });
  #details = build("div", { class: "details", role: "row" });
  /** @type {Map<number, T>} */
  #drawn = new Map();
  /** @type {T[]} rows that show nothing that is in sight */
  #free = [];
  #count = 0;
  #opened = -1;
  #detailsHeight = 0;
  #rows;
  #head;
  #overlays;
  /** What is open may grow while it is read. */
  #grown = new ResizeObserver(() => {
    if (this.#opened < 0 || this.#details.offsetHeight === this.#detailsHeight) return;
    this.#detailsHeight = this.#details.offsetHeight;
    this.draw();
  });

  /**
   * @param {HTMLElement} head stays in sight
   * @param {HTMLElement[]} overlays lie over or below all rows that are drawn
   * @param {Rows<T>} rows
   */
  constructor(head, overlays, rows) {
    this.#rows = rows;
    this.#head = head;
    this.#overlays = overlays;
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
    const key = top ? this.#drawn.get(top)?.element.dataset.span : undefined;
    const now = key === undefined ? top : indexOf(key);
    this.#count = count;
    this.#opened = opened;
    this.active = active;
    if (now >= 0 && now !== top) {
      this.#sizer.style.height = `${this.#geometry.totalHeight}px`;
      this.element.scrollTop += (now - top) * this.#geometry.height;
    }
    const focused = [...this.#drawn.values()].find(({ element }) =>
      element === document.activeElement
    );
    this.#keepShown();
    this.draw();
    if (focused && focused !== this.#drawn.get(active)) {
      this.#drawn.get(active)?.element.focus({ preventScroll: true });
    }
  }

  /**
   * Has each span that is shown already, and stays, shown by its row, as it is now. The rows of others
   * go: what is seen to move would else be another span's bar.
   * @returns {void}
   */
  #keepShown() {
    /** @type {Map<string, T>} */
    const before = new Map();
    for (const row of this.#drawn.values()) {
      const { span } = row.element.dataset;
      if (span === undefined || before.has(span)) row.element.remove();
      else before.set(span, row);
    }
    this.#drawn.clear();
    const { from, to } = this.#inSight(this.#geometry);
    const inSight = Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
    for (const index of new Set([...inSight, this.active])) {
      const key = this.#rows.keyAt(index);
      const row = before.get(key);
      if (!row) continue;
      before.delete(key);
      this.#rows.show(row, index);
      this.#drawn.set(index, row);
    }
    for (const { element } of before.values()) element.remove();
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
    const { from, to } = this.#inSight(geometry);
    for (const [index, row] of this.#drawn) {
      // A focused row stays, wherever the list is scrolled to.
      if ((index < from || index >= to) && row.element !== document.activeElement) {
        this.#free.push(row);
        this.#drawn.delete(index);
      }
    }
    for (let index = from; index < to; index++) {
      if (this.#drawn.has(index)) continue;
      // Those that leave come in their order, so that of many few have to be moved in the document.
      const row = this.#free.shift() ?? this.#rows.make();
      this.#rows.show(row, index);
      this.#drawn.set(index, row);
    }
    for (const { element } of this.#free) element.remove();
    this.#drawn = new Map([...this.#drawn].sort(([one], [other]) => one - other));
    for (const [index, { element }] of this.#drawn) {
      change(element, {
        tabindex: index === this.active ? "0" : "-1",
        "aria-rowindex": String(index + 2),
      });
      element.style.transform = `translateY(${geometry.top(index)}px)`;
    }
    this.#order();
    // No higher than that: a browser that paints without a GPU takes most of a frame for the rest.
    const top = geometry.top(from);
    for (const { style } of this.#overlays) {
      style.top = `${top}px`;
      style.height = `${geometry.top(to) - top}px`;
    }
    this.#details.hidden = this.#opened < 0;
    this.#details.style.transform = `translateY(${geometry.detailsTop}px)`;
  }

  /** Puts rows into the order in which they are read; the focused one stays where it is. @returns {void} */
  #order() {
    /** @type {Element | null} */
    let next = this.#details.parentElement && this.#details;
    for (const { element } of [...this.#drawn.values()].reverse()) {
      const inPlace = element.parentElement && element.nextSibling === next;
      if (!inPlace && element !== document.activeElement) this.#sizer.insertBefore(element, next);
      next = element;
    }
  }

  /** @param {RowGeometry} geometry @returns {{from: number, to: number}} */
  #inSight(geometry) {
    // While what was drawn before is still longer, it may be scrolled beyond the last row.
    const last = Math.max(0, geometry.totalHeight - this.#height);
    return geometry.inSight(Math.min(this.element.scrollTop, last), this.#height);
  }

  /**
   * Makes a row the active one, in sight and with the focus, for which the page does not move.
   * @param {number} index
   * @param {boolean} [focuses]
   * @returns {void}
   */
  activate(index, focuses = true) {
    const { element } = this;
    this.active = index;
    element.scrollTop = this.#geometry.scrolledTo(index, element.scrollTop, this.#height);
    this.draw();
    if (focuses) this.#drawn.get(index)?.element.focus({ preventScroll: true });
  }
}

/** @returns {number} in pixels, as large as the text is */
function rowHeight() {
  const font = parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_FONT_PX;
  return font * (NARROW.matches ? NARROW_HEIGHT : LOW.matches ? LOW_HEIGHT : HEIGHT);
}
