import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { download } from "../../wire/files.js";

/** What exports the chosen traces, or all that the filters find. */
export class ListExports {
  #which = build("p", { class: "quiet" });
  #problem = build("p", { class: "problem", role: "alert" });
  #buttons = [
    button(gettext("Export OTLP JSON"), () => this.#export("otlp")),
    button(gettext("Export Jaeger JSON"), () => this.#export("jaeger")),
  ];
  element = build(
    "div",
    { class: "stack" },
    this.#which,
    build("p", { class: "row" }, ...this.#buttons),
    this.#problem,
  );
  #query;

  /** @param {(format: "otlp" | "jaeger") => string} query of what is to be exported */
  constructor(query) {
    this.#query = query;
  }

  /**
   * @param {number} chosen
   * @param {number} listed
   * @returns {void}
   */
  show(chosen, listed) {
    this.#which.textContent = chosen
      ? ngettext("%s chosen trace:", "%s chosen traces:", chosen)
      : gettext("All that the filters find:");
    for (const each of this.#buttons) each.disabled = !chosen && !listed;
  }

  /**
   * @param {"otlp" | "jaeger"} format
   * @returns {Promise<void>}
   */
  async #export(format) {
    this.#problem.textContent = "";
    try {
      await download(`/api/export${this.#query(format)}`);
    } catch (error) {
      // Apart from the list's status, which the next refresh rewrites.
      this.#problem.textContent = messageOf(error);
    }
  }
}
