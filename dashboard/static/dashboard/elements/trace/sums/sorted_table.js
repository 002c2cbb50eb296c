import { build, button } from "../../../base/dom.js";
import { ngettext } from "../../../base/i18n.js";
import { sortedBy } from "../../../model/trace/sums/statistics.js";

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: T) => string | number} value by which rows are sorted; numbers stand at the right
 * @property {(row: T) => Array<Node | string>} cell
 */

const PAGE = 500;

/**
 * A table whose rows are put into order by the heading that is pressed; of many, the first come at
 * once, and more when they are asked for.
 * @template T
 */
export class SortedTable {
  element = build("div", { class: "sorted" });
  #table = build("table");
  #more = button("", () => this.#showMore(), { class: "more" });
  /** @type {T[]} */
  #rows = [];
  #shown = PAGE;
  #by;
  #descending;
  #columns;

  /**
   * @param {Column<T>[]} columns
   * @param {{by: number, descending: boolean}} order at first
   */
  constructor(columns, { by, descending }) {
    this.#columns = columns;
    this.#by = by;
    this.#descending = descending;
    this.element.append(this.#table, this.#more);
  }

  /**
   * @param {T[]} rows
   * @returns {void}
   */
  show(rows) {
    this.#rows = rows;
    this.#draw();
  }

  /** @returns {void} */
  #showMore() {
    this.#shown += PAGE;
    this.#draw();
  }

  /**
   * @param {number} by
   * @returns {void}
   */
  #sort(by) {
    const numeric = typeof this.#columns[by]?.value(/** @type {T} */ (this.#rows[0])) === "number";
    this.#descending = this.#by === by ? !this.#descending : numeric;
    this.#by = by;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const chosen = this.#columns[this.#by];
    if (!chosen) return;
    const focused = this.#buttons.findIndex((each) => each === document.activeElement);
    const rows = sortedBy(this.#rows, chosen.value, this.#descending);
    const left = rows.length - this.#shown;
    this.#more.hidden = left <= 0;
    this.#more.textContent = ngettext("%s more", "%s more", Math.max(0, left));
    this.#table.replaceChildren(
      build("thead", {}, build("tr", {}, ...this.#columns.map((each, at) => this.#head(each, at)))),
      build(
        "tbody",
        {},
        ...rows.slice(0, this.#shown).map((row) =>
          build(
            "tr",
            {},
            ...this.#columns.map(({ value, cell }) =>
              build(
                "td",
                { class: typeof value(row) === "number" ? "number" : "" },
                ...cell(row),
              )
            ),
          )
        ),
      ),
    );
    // A trace that still comes in draws it anew under whoever uses it.
    this.#buttons[focused]?.focus();
  }

  /** @returns {HTMLElement[]} */
  get #buttons() {
    return [...this.#table.querySelectorAll("button")];
  }

  /**
   * @param {Column<T>} column
   * @param {number} at
   * @returns {HTMLElement}
   */
  #head({ title, value }, at) {
    const [first] = this.#rows;
    const numeric = first !== undefined && typeof value(first) === "number";
    const order = this.#descending ? "descending" : "ascending";
    const sorts = this.#by === at;
    return build(
      "th",
      {
        scope: "col",
        class: numeric ? "number" : "",
        ...(sorts ? { "aria-sort": order } : {}),
      },
      button(title, () => this.#sort(at), { class: "link" }),
    );
  }
}
