import { build } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { rowAfterKey, RowGeometry } from "../../../model/trace/row_geometry.js";

const HEIGHT = 30;
const NARROW_HEIGHT = 84;
const ROOT_FONT_PX = 16;
const NARROW = matchMedia("(max-width: 56.25rem)");

/**
 * The rows of a comparison, of which only those in sight are in the document. One is active: its
 * links are reached by Tab, 1 and 2.
 */
export class CompareRows {
  #head = build(
    "div",
    { role: "row", class: "heads", "aria-rowindex": "1" },
    ...[
      gettext("Step"),
      gettext("First"),
      gettext("Second"),
      gettext("Time"),
      gettext("Self time"),
      gettext("Difference"),
    ].map((title) => build("span", { role: "columnheader" }, title)),
  );
  #sizer = build("div", { role: "rowgroup", class: "sizer" });
  element = build(
    "div",
    { role: "grid", class: "grid", "aria-label": gettext("Comparison") },
    build("div", { role: "rowgroup", class: "head-group" }, this.#head),
    this.#sizer,
  );
  /** @type {Map<number, HTMLElement>} by their indexes */
  #drawn = new Map();
  #count = 0;
  #active = 0;
  #buildRow;

  /** @param {(index: number) => HTMLElement} buildRow */
  constructor(buildRow) {
    this.#buildRow = buildRow;
    this.element.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(this.element);
    NARROW.addEventListener("change", () => this.show(this.#count));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#sizer.addEventListener("click", ({ target }) => {
      if (!(target instanceof Element) || target.closest("a")) return;
      const row = target.closest("[role=row]");
      const [index] = [...this.#drawn].find(([, each]) => each === row) ?? [];
      if (index !== undefined) this.#activate(index);
    });
  }

  /**
   * Draws other rows, from the first on.
   * @param {number} count
   * @returns {void}
   */
  show(count) {
    this.#count = count;
    this.#active = 0;
    this.element.setAttribute("aria-rowcount", String(count + 1));
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.element.scrollTop = 0;
    this.#draw();
  }

  /**
   * Goes to a row: to the active one, and from there so many further.
   * @param {number} step
   * @returns {void}
   */
  move(step) {
    const there = this.#drawn.get(this.#active)?.contains(document.activeElement);
    const to = there ? this.#active + step : this.#active;
    if (this.#count) this.#activate(Math.max(0, Math.min(this.#count - 1, to)));
  }

  /**
   * Follows a link of the active row.
   * @param {"a" | "b"} side
   * @returns {void}
   */
  open(side) {
    const cells = this.#drawn.get(this.#active)?.querySelectorAll(".side-cell");
    cells?.[side === "a" ? 0 : 1]?.querySelector("a")?.click();
  }

  /** @returns {RowGeometry} */
  get #geometry() {
    const font = parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_FONT_PX;
    const height = font * (NARROW.matches ? NARROW_HEIGHT : HEIGHT);
    return new RowGeometry({ count: this.#count, height });
  }

  /** @returns {number} of what rows are seen in */
  get #height() {
    return this.element.clientHeight - this.#head.offsetHeight;
  }

  /** @returns {void} */
  #draw() {
    const geometry = this.#geometry;
    this.#sizer.style.height = `${geometry.totalHeight}px`;
    const { from, to } = geometry.inSight(this.element.scrollTop, this.#height);
    for (const [index, row] of this.#drawn) {
      // A row that has the focus stays, wherever the list is scrolled to.
      if ((index < from || index >= to) && !row.contains(document.activeElement)) {
        row.remove();
        this.#drawn.delete(index);
      }
    }
    /** @type {Element | null} */
    let next = null;
    for (let index = to - 1; index >= from; index--) {
      let row = this.#drawn.get(index);
      if (!row) {
        row = this.#buildRow(index);
        row.setAttribute("aria-rowindex", String(index + 2));
        this.#drawn.set(index, row);
        this.#mark(row, index === this.#active);
        row.style.transform = `translateY(${geometry.top(index)}px)`;
        this.#sizer.insertBefore(row, next);
      }
      next = row;
    }
  }

  /**
   * @param {HTMLElement | undefined} row
   * @param {boolean} active
   * @returns {void}
   */
  #mark(row, active) {
    const tabindex = active ? "0" : "-1";
    row?.setAttribute("tabindex", tabindex);
    for (const link of row?.querySelectorAll("a") ?? []) link.setAttribute("tabindex", tabindex);
  }

  /**
   * @param {number} index
   * @returns {void}
   */
  #activate(index) {
    this.#mark(this.#drawn.get(this.#active), false);
    this.#active = index;
    const { element } = this;
    element.scrollTop = this.#geometry.scrolledTo(index, element.scrollTop, this.#height);
    this.#draw();
    const row = this.#drawn.get(index);
    this.#mark(row, true);
    row?.focus({ preventScroll: true });
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#height / this.#geometry.height) - 1);
    const to = rowAfterKey(event.key, this.#active, { count: this.#count, page });
    if (to === undefined || to < 0) return;
    event.preventDefault();
    this.#activate(to);
  }
}
