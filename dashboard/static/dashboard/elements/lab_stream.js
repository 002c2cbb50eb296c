import { build, button } from "../base/dom.js";
import { gettext, ngettext } from "../base/i18n.js";
import { clock } from "../base/time.js";
import { details, matches } from "../model/log_filter.js";

/** @typedef {import("../model/log_filter.js").LogLine} LogLine */

const MOST_KEPT = 2000;
const MOST_SHOWN = 400;
const LEVELS = { DEBUG: "·", INFO: "○", WARNING: "▲", ERROR: "■", CRITICAL: "■" };

/** The log, live; a line that is chosen sends `choose` with the line as detail. */
export class LabStream extends HTMLElement {
  /** @type {LogLine[]} */
  #lines = [];
  /** @type {LogLine[]} */
  #held = [];
  #paused = false;
  #list = build("ol", { class: "plain", tabindex: "0", "aria-label": gettext("Log lines") });
  #count = build("span", { class: "quiet", role: "status" });
  #service = select(gettext("service"), ["", "api", "worker", "client"]);
  #level = select(gettext("lowest level"), ["DEBUG", "INFO", "WARNING", "ERROR"]);
  #text = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    placeholder: gettext("request, order or text"),
    "aria-label": gettext("request, order or text"),
  }));
  #pause = button(gettext("Pause"), () => this.#toggle(), { "aria-pressed": "false" });

  /** @returns {void} */
  connectedCallback() {
    this.#level.value = "INFO";
    for (const control of [this.#service, this.#level, this.#text]) {
      control.addEventListener("input", () => this.#draw());
    }
    this.replaceChildren(
      build(
        "div",
        { class: "row tools" },
        this.#service,
        this.#level,
        this.#text,
        this.#pause,
        button(gettext("Clear"), () => {
          this.#lines = [];
          this.#draw();
        }),
        this.#count,
      ),
      this.#list,
    );
  }

  /**
   * @param {LogLine[]} told newer than those before, in any order
   * @returns {void}
   */
  add(told) {
    if (!told.length) return;
    // Services export apart: within a batch, time puts their lines in order.
    const lines = [...told].sort((a, b) =>
      BigInt(a.timeUnixNano) < BigInt(b.timeUnixNano) ? -1 : 1
    );
    if (this.#paused) {
      this.#held = [...this.#held, ...lines].slice(-MOST_KEPT);
      this.#count.textContent = ngettext(
        "%s line is waiting",
        "%s lines are waiting",
        this.#held.length,
      );
      return;
    }
    this.#lines = [...this.#lines, ...lines].slice(-MOST_KEPT);
    const wanted = this.#wanted();
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    this.#list.append(
      ...lines.filter((line) => matches(line, wanted)).map((line) => this.#row(line)),
    );
    while (this.#list.children.length > MOST_SHOWN) this.#list.firstElementChild?.remove();
    // Who has scrolled up is reading: the list stays where it is.
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {string} text to search for, a requestId for instance */
  set search(text) {
    this.#text.value = text;
    this.#draw();
  }

  /** @returns {void} */
  #toggle() {
    this.#paused = !this.#paused;
    this.#pause.setAttribute("aria-pressed", String(this.#paused));
    this.#pause.textContent = this.#paused ? gettext("Go on") : gettext("Pause");
    if (this.#paused) return;
    this.#count.textContent = "";
    const held = this.#held;
    this.#held = [];
    this.add(held);
  }

  /** @returns {void} */
  #draw() {
    const wanted = this.#wanted();
    const shown = this.#lines.filter((line) => matches(line, wanted)).slice(-MOST_SHOWN);
    const none = build("li", { class: "quiet none" }, gettext("No line matches."));
    const rows = shown.map((line) => this.#row(line));
    this.#list.replaceChildren(...(rows.length || !this.#lines.length ? rows : [none]));
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @returns {import("../model/log_filter.js").Wanted} */
  #wanted() {
    return { service: this.#service.value, level: this.#level.value, text: this.#text.value };
  }

  /**
   * @param {LogLine} line
   * @returns {HTMLElement}
   */
  #row(line) {
    const symbol = /** @type {Record<string, string>} */ (LEVELS)[line.level] ?? "○";
    const row = build(
      "li",
      { class: line.level },
      build("time", {}, clock(line.timeUnixNano)),
      build("span", { class: "level", title: line.level }, `${symbol} ${line.level}`),
      build("span", { class: `service ${line.service}` }, line.service),
      build("span", { class: "msg" }, line.msg),
      build("span", { class: "details" }, details(line).join(" ")),
    );
    if (line.requestId) {
      const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: line }));
      row.append(
        button(line.requestId.slice(0, 8), choose, { class: "link", title: line.requestId }),
      );
    }
    return row;
  }
}

/**
 * @param {string} label
 * @param {string[]} values
 * @returns {HTMLSelectElement}
 */
function select(label, values) {
  const options = values.map((value) =>
    build("option", { value }, value || gettext("every service"))
  );
  return /** @type {HTMLSelectElement} */ (build("select", { "aria-label": label }, ...options));
}

customElements.define("lab-stream", LabStream);
