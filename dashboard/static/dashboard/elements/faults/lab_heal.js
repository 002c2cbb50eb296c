import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";

/** Heals every fault; says how many there are. */
export class LabHeal extends HTMLElement {
  #count = build("span", { class: "tally", "aria-hidden": "true" });
  #heal = button("", () => this.#healAll(), { disabled: "" });

  /** @returns {void} */
  connectedCallback() {
    this.#heal.replaceChildren(
      build("span", { class: "wide" }, gettext("Heal all")),
      build("span", { class: "narrow" }, gettext("Heal")),
      this.#count,
    );
    this.replaceChildren(this.#heal);
    this.show(0);
  }

  /**
   * @param {number} count of the faults in force, hidden ones too
   * @returns {void}
   */
  show(count) {
    this.#heal.disabled = count === 0;
    this.#heal.classList.toggle("danger", count > 0);
    this.#count.hidden = count === 0;
    this.#count.textContent = String(count);
    const label = interpolate(gettext("Heal all (%(count)s)"), { count });
    this.#heal.setAttribute("aria-label", count ? label : gettext("Heal all"));
  }

  /** @returns {Promise<void>} */
  async #healAll() {
    try {
      await fetchJson("/api/faults", { method: "DELETE" });
      this.dispatchEvent(new CustomEvent("changed"));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("problem", { detail: messageOf(error) }));
    }
  }
}

customElements.define("lab-heal", LabHeal);
