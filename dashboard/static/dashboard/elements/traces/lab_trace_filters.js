import { build, button } from "../../base/dom.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { anchor } from "../../base/popover.js";
import { coalesced } from "../../base/scheduling.js";
import { fromQuery, toQuery } from "../../model/traces/trace_filter.js";

const TYPING_MS = 250;

/** Filters with no field of text: the find field shows what it has itself. */
const TYPED = "q";

/**
 * The form of the filters, which stand in the page's URL; those in force are shown beside the text, each
 * with a button that takes it away. `filter` is sent with them when they change.
 */
export class LabTraceFilters extends HTMLElement {
  #chips = build("span", { class: "chips" });
  #count = build("span", { class: "count" });

  /** @returns {void} */
  connectedCallback() {
    const form = this.#form;
    form.querySelector(".field")?.prepend(icon("find"), this.#chips);
    const more = /** @type {HTMLElement} */ (form.querySelector(".more"));
    more.append(this.#count, icon("down"));
    anchor(this.#panel, more);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#panel.hidePopover();
      this.#apply();
    });
    form.addEventListener("change", () => this.#apply());
    form.addEventListener("reset", () => setTimeout(() => this.#apply()));
    this.#field(TYPED).addEventListener("input", coalesced(() => this.#apply(true), TYPING_MS));
    addEventListener("popstate", () => this.show());
  }

  /**
   * Takes the filters from the page's URL.
   * @returns {void}
   */
  show() {
    const filters = fromQuery(new URLSearchParams(location.search));
    for (const field of this.#fields) field.value = filters[field.name] ?? "";
    this.#send(filters);
  }

  /**
   * Sets some filters, the others stay.
   * @param {Record<string, string>} filters
   * @returns {void}
   */
  set(filters) {
    for (const [name, value] of Object.entries(filters)) this.#field(name).value = value;
    this.#apply();
  }

  /**
   * Moves the focus into the text.
   * @returns {void}
   */
  find() {
    this.#field(TYPED).focus();
  }

  /**
   * @param {boolean} [typing] then the page's address changes without a step of its history
   * @returns {void}
   */
  #apply(typing = false) {
    const values = this.#fields.map((field) => [field.name, field.value]);
    const query = toQuery(Object.fromEntries(values));
    if (query === location.search) return;
    history[typing ? "replaceState" : "pushState"](null, "", `/traces${query}`);
    this.#send(fromQuery(new URLSearchParams(query)));
  }

  /**
   * @param {Record<string, string>} filters
   * @returns {void}
   */
  #send(filters) {
    const names = Object.keys(filters).filter((name) => name !== TYPED);
    this.#chips.replaceChildren(...names.map((name) => this.#chip(name)));
    this.#count.textContent = names.length ? String(names.length) : "";
    this.dispatchEvent(new CustomEvent("filter", { detail: filters }));
  }

  /**
   * @param {string} name of a filter in force
   * @returns {HTMLElement}
   */
  #chip(name) {
    const field = this.#field(name);
    const title = field.labels?.[0]?.firstChild?.textContent?.trim() ?? name;
    const value = field instanceof HTMLSelectElement
      ? field.selectedOptions[0]?.textContent ?? ""
      : field.value;
    const remove = button("", () => {
      this.set({ [name]: "" });
      this.find();
    }, { "aria-label": interpolate(gettext("Remove the filter %(name)s"), { name: title }) });
    remove.append(icon("close"));
    return build(
      "span",
      { class: "chip", title: labelled(title, value) },
      build("b", {}, title),
      build("span", {}, value),
      remove,
    );
  }

  /** @returns {HTMLFormElement} */
  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  /** @returns {HTMLElement} */
  get #panel() {
    return /** @type {HTMLElement} */ (this.querySelector(".popover"));
  }

  /** @returns {Array<HTMLInputElement | HTMLSelectElement>} */
  get #fields() {
    return [...this.querySelectorAll("input, select")].map((
      each,
    ) => /** @type {HTMLInputElement | HTMLSelectElement} */ (each));
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | HTMLSelectElement}
   */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }
}

customElements.define("lab-trace-filters", LabTraceFilters);
