import { build, button } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { newSeed } from "../../model/seed.js";

/** The form that begins a mystery, by a seed. */
export class BeginForm {
  #seed = /** @type {HTMLInputElement} */ (build("input", {
    maxlength: "40",
    autocomplete: "off",
    required: "",
    id: "seed",
  }));
  element = build(
    "form",
    { class: "row begin" },
    build("label", { for: "seed" }, gettext("Seed")),
    this.#seed,
    build("button", { class: "primary" }, gettext("Begin")),
    button(gettext("Another seed"), () => {
      this.#seed.value = newSeed();
    }),
  );

  /** @param {() => void} onBegin */
  constructor(onBegin) {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      onBegin();
    });
  }

  /** @returns {string} */
  get seed() {
    return this.#seed.value;
  }

  /** @param {string | null} seed a new one when there is none */
  set seed(seed) {
    this.#seed.value = seed || newSeed();
  }
}
