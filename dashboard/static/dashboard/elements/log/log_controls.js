import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { popover } from "../../base/popover.js";
import { LEVELS } from "../../model/log_filter.js";

/** What the log is filtered by; `change` is sent when that changes. */
export class LogControls extends EventTarget {
  #service = /** @type {HTMLSelectElement} */ (build("select"));
  #text = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    autocomplete: "off",
    placeholder: gettext("request, order or text"),
  }));
  #probes = /** @type {HTMLInputElement} */ (build("input", { type: "checkbox" }));
  #opener = button("", () => {}, {
    class: "bare find",
    "aria-label": gettext("Find in the log"),
    title: gettext("Find in the log"),
  });
  #level = /** @type {HTMLSelectElement} */ (build(
    "select",
    { "aria-label": gettext("lowest level") },
    ...LEVELS.slice(0, -1).map((level) =>
      build("option", { value: level }, interpolate(gettext("%(level)s and up"), { level }))
    ),
  ));
  #panel;

  constructor() {
    super();
    this.#level.value = "INFO";
    this.#opener.append(icon("find"));
    this.#panel = popover(
      this.#opener,
      gettext("Find in the log"),
      build(
        "div",
        { class: "stack" },
        field(gettext("Text"), this.#text),
        field(gettext("Service"), this.#service),
        build("label", { class: "row" }, this.#probes, gettext("Health checks and probes")),
      ),
    );
    this.#panel.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") this.#text.focus();
    });
    for (const control of [this.#service, this.#level, this.#text, this.#probes]) {
      control.addEventListener("input", () => this.#changed());
    }
    this.elements = [this.#level, this.#opener, this.#panel];
  }

  /** @param {string[]} names that can be chosen */
  set services(names) {
    const every = build("option", { value: "" }, gettext("every service"));
    this.#service.replaceChildren(every, ...names.map((name) => build("option", {}, name)));
  }

  /** @returns {import("../../model/log_filter.js").LogFilter} */
  get filter() {
    return {
      service: this.#service.value,
      level: this.#level.value,
      text: this.#text.value,
      probes: this.#probes.checked,
    };
  }

  /** @returns {void} */
  #changed() {
    const { service, text, probes } = this.filter;
    this.#opener.setAttribute("aria-pressed", String(Boolean(service || text.trim() || probes)));
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * @param {string} title
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function field(title, control) {
  return build("label", { class: "field" }, build("span", {}, title), control);
}
