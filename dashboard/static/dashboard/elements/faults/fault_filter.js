import { build } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { field, valuesOf } from "./fault_row.js";

/** @typedef {import("./fault_row.js").Parameter} Parameter */

/** Holds the faults of a link to some of its requests, or connections. */
export class FaultFilter {
  /** @type {Parameter[]} */
  #parameters = [];
  #form = /** @type {HTMLFormElement} */ (build("form", { class: "fields" }));
  element = /** @type {HTMLDetailsElement} */ (build(
    "details",
    { class: "filter" },
    build("summary", {}, icon("down"), gettext("Only some requests or connections")),
    this.#form,
  ));

  constructor() {
    this.#form.addEventListener("submit", (event) => event.preventDefault());
  }

  /**
   * @param {Parameter[]} parameters of the kinds that can be held so; the first of a name counts
   * @returns {void}
   */
  show(parameters) {
    this.#parameters = [...new Map(parameters.map((each) => [each.name, each])).values()];
    this.element.hidden = !parameters.length;
    this.element.open = false;
    this.#form.replaceChildren(
      ...this.#parameters.map((each) =>
        build("label", {}, build("span", {}, each.title), field(each))
      ),
    );
  }

  /** @returns {Record<string, unknown>} what differs from the defaults */
  get values() {
    const set = Object.entries(valuesOf(this.#form, this.#parameters));
    const defaults = new Map(this.#parameters.map((each) => [each.name, each.default]));
    return Object.fromEntries(set.filter(([name, value]) => value !== defaults.get(name)));
  }
}
