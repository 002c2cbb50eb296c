import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";

// A large store takes its time to be emptied.
const TIMEOUT_MS = 300_000;

/**
 * A button that puts the lab back to its first minute: asked twice, since nothing brings it back.
 * Each open page begins anew once it is done (`startPage`).
 */
export class LabStartOver extends HTMLElement {
  #start = button(gettext("Start over"), () => this.#ask());
  #sure = build(
    "span",
    { class: "row", role: "group" },
    gettext("Remove all orders, faults and their telemetry? Settings are kept."),
    button(gettext("Remove all"), () => this.#startOver(), { class: "primary" }),
    button(gettext("Keep"), () => this.#rest()),
  );
  #status = build("span", { class: "quiet", role: "status" });

  /** @returns {void} */
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#sure.isConnected) this.#rest();
    });
    this.replaceChildren(this.#start, this.#status);
  }

  /** @returns {void} */
  #rest() {
    this.replaceChildren(this.#start, this.#status);
    this.#start.focus({ preventScroll: true });
  }

  /** @returns {void} */
  #ask() {
    this.#status.textContent = "";
    this.replaceChildren(this.#sure);
    /** @type {HTMLElement | null} */ (this.#sure.querySelector("button:last-of-type"))?.focus();
  }

  /** @returns {Promise<void>} */
  async #startOver() {
    this.#status.textContent = gettext("Starting over …");
    this.replaceChildren(this.#status);
    try {
      await fetchJson("/api/start-over", { method: "POST", timeoutMs: TIMEOUT_MS });
      this.#status.textContent = "";
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
    this.replaceChildren(this.#start, this.#status);
  }
}

customElements.define("lab-start-over", LabStartOver);
