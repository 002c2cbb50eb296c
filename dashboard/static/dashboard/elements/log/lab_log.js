import { build, button } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { Grip } from "./grip.js";
import { LogControls } from "./log_controls.js";
import "./lab_stream.js";

/**
 * @typedef {HTMLElement & {filter: import("../../model/log_filter.js").LogFilter}} Lines What shows the
 *   lines of an order.
 */

/**
 * The log: the lines of the order that is shown, or everything, live. `probes` is sent when those of
 * health checks and probes are asked for.
 */
export class LabLog extends HTMLElement {
  stream = /** @type {import("./lab_stream.js").LabStream} */ (build("lab-stream"));
  #body = build("div", {
    class: "body",
    role: "tabpanel",
    id: "log-panel",
    tabindex: "0",
  });
  #tabs = {
    order: this.#tab(
      "order",
      this.hasAttribute("of-requests") ? gettext("This request") : gettext("This order"),
    ),
    stream: this.#tab("stream", gettext("Everything")),
  };
  #controls = new LogControls();
  #ofStream = [this.stream.count, this.stream.pause, this.stream.clear];
  /** @type {Lines | null} */
  #lines = null;

  /** @returns {void} */
  connectedCallback() {
    const switcher = build("div", {
      class: "switcher",
      role: "tablist",
      "aria-label": gettext("Which lines"),
    }, ...Object.values(this.#tabs));
    const [count, ...acts] = this.#ofStream;
    const tools = build(
      "div",
      { class: "tools" },
      ...(count ? [count] : []),
      ...this.#controls.elements,
      ...acts,
    );
    this.replaceChildren(
      new Grip(this).element,
      build("div", { class: "head" }, switcher, tools),
      this.#body,
    );
    this.#controls.addEventListener("change", () => this.#filter());
    this.#show("order");
  }

  /** @param {string[]} names of services that can be chosen */
  set services(names) {
    this.#controls.services = names;
  }

  /** @returns {void} */
  #filter() {
    const { filter } = this.#controls;
    this.stream.filter = filter;
    if (this.#lines) this.#lines.filter = filter;
    if (filter.probes) this.dispatchEvent(new Event("probes"));
  }

  /** @param {Lines} lines those of the order that is shown */
  set order(lines) {
    this.#lines = lines;
    lines.filter = this.#controls.filter;
    if (this.isConnected) this.#show("order");
  }

  /**
   * @param {"order" | "stream"} which
   * @param {string} title
   * @returns {HTMLButtonElement}
   */
  #tab(which, title) {
    const tab = button(title, () => this.#show(which), {
      role: "tab",
      "aria-controls": "log-panel",
    });
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      this.#show(which === "order" ? "stream" : "order");
      this.#tabs[which === "order" ? "stream" : "order"].focus();
    });
    return tab;
  }

  /**
   * @param {"order" | "stream"} which
   * @returns {void}
   */
  #show(which) {
    for (const [name, tab] of Object.entries(this.#tabs)) {
      tab.setAttribute("aria-selected", String(name === which));
      tab.tabIndex = name === which ? 0 : -1;
    }
    this.#body.setAttribute("aria-label", this.#tabs[which].textContent ?? "");
    for (const each of this.#ofStream) each.hidden = which === "order";
    this.#body.replaceChildren(which === "stream" ? this.stream : this.#lines ?? "");
  }
}

customElements.define("lab-log", LabLog);
