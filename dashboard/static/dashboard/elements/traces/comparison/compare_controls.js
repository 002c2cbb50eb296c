import { build } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { coalesced } from "../../../base/scheduling.js";

/**
 * @typedef {import("../../../model/traces/comparison.js").Order} Order
 * @typedef {{text: string, differing: boolean, order: Order}} Chosen
 */

const TYPING_MS = 150;
const ORDERS = /** @type {Order[]} */ (["tree", "total", "self", "count", "failed"]);

/** What is shown of a comparison, and in which order. It stands in the page's address. */
export class CompareControls {
  #titles = {
    tree: gettext("In the order of the tree"),
    total: gettext("By the difference in time"),
    self: gettext("By the difference in self time"),
    count: gettext("By the difference in calls"),
    failed: gettext("By the difference in errors"),
  };
  #text = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: gettext("Service or operation"),
    "aria-label": gettext("Find a step"),
  }));
  #differing = /** @type {HTMLInputElement} */ (build("input", { type: "checkbox" }));
  #order = /** @type {HTMLSelectElement} */ (build(
    "select",
    { "aria-label": gettext("Order") },
    ...ORDERS.map((each) => build("option", { value: each }, this.#titles[each])),
  ));
  element = build(
    "div",
    { class: "row controls", role: "search" },
    this.#text,
    build("label", {}, this.#differing, gettext("Differences only")),
    this.#order,
  );

  /** @param {() => void} changed */
  constructor(changed) {
    const query = new URLSearchParams(location.search);
    this.#text.value = query.get("q") ?? "";
    this.#differing.checked = query.get("only") === "differences";
    this.#order.value = ORDERS.find((each) => each === query.get("order")) ?? "tree";
    const apply = () => {
      this.#writeUrl();
      changed();
    };
    this.#text.addEventListener("input", coalesced(apply, TYPING_MS));
    this.#differing.addEventListener("change", apply);
    this.#order.addEventListener("change", apply);
  }

  /** @returns {Chosen} */
  get chosen() {
    return {
      text: this.#text.value,
      differing: this.#differing.checked,
      order: /** @type {Order} */ (this.#order.value),
    };
  }

  /** @returns {void} */
  find() {
    this.#text.focus();
    this.#text.select();
  }

  /** @returns {void} */
  toggleDiffering() {
    this.#differing.click();
  }

  /** @returns {void} */
  #writeUrl() {
    const { text, differing, order } = this.chosen;
    const query = new URLSearchParams(location.search);
    const values = {
      q: text.trim(),
      only: differing ? "differences" : "",
      order: order === "tree" ? "" : order,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    history.replaceState(history.state, "", `${location.pathname}?${query}`);
  }
}
