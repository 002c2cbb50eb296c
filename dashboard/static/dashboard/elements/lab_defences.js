import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { ask } from "../wire/api.js";

/**
 * @typedef {{name: string, side: string, title: string, text: string, on: boolean}} Defence
 */

/** The services' defences as switches, each with what it does. */
export class LabDefences extends HTMLElement {
  #problem = build("p", { class: "problem", role: "alert" });
  #list = build("ul", { class: "plain" });

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#list, this.#problem);
  }

  /**
   * @param {Defence[]} defences
   * @returns {void}
   */
  show(defences) {
    const focused = document.activeElement?.getAttribute("data-defence");
    this.#list.replaceChildren(...defences.map((each) => this.#row(each)));
    if (focused) {
      /** @type {HTMLElement | null} */ (this.querySelector(`[data-defence="${focused}"]`))
        ?.focus();
    }
  }

  /**
   * @param {Defence} defence
   * @returns {HTMLElement}
   */
  #row(defence) {
    const id = `defence-${defence.name}`;
    const control = button(
      defence.on ? gettext("On") : gettext("Off"),
      () => this.#switch(defence.name, !defence.on),
      {
        role: "switch",
        "aria-checked": String(defence.on),
        "aria-labelledby": id,
        "data-defence": defence.name,
      },
    );
    return build(
      "li",
      {},
      control,
      build(
        "div",
        {},
        build("span", { class: "title", id }, defence.title),
        build("span", { class: `service ${defence.side}` }, defence.side),
        build("p", { class: "quiet" }, defence.text),
      ),
    );
  }

  /**
   * @param {string} name
   * @param {boolean} on
   * @returns {Promise<void>}
   */
  async #switch(name, on) {
    this.#problem.textContent = "";
    try {
      this.show((await ask("/api/defences", { method: "PATCH", body: { [name]: on } })).defences);
    } catch (error) {
      this.#problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}

customElements.define("lab-defences", LabDefences);
