import { build } from "../../base/dom.js";

/** @typedef {import("./trace_url.js").View} View */

/** Where the chosen view of a trace is. */
export class TracePanel {
  element = build("div", {
    role: "tabpanel",
    class: "tabpanel",
    id: "trace-panel",
    tabindex: "0",
  });
  /** @type {View} */
  #chosen = "waterfall";
  #views;

  /** @param {import("./trace_views.js").TraceViews} views */
  constructor(views) {
    this.#views = views;
  }

  /**
   * Shows a view; one that has to be loaded first, once it is there.
   * @param {View} view
   * @param {string} title
   * @returns {Promise<void>}
   */
  async show(view, title) {
    this.#chosen = view;
    this.element.setAttribute("aria-label", title);
    if (!this.#views[view]) await this.#views.load(view);
    const shown = this.#views[this.#chosen];
    if (shown && this.element.firstElementChild !== shown) this.element.replaceChildren(shown);
  }
}
