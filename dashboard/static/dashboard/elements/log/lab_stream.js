import { build, button } from "../../base/dom.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { isLater, matches, merged, newest } from "../../model/log_filter.js";
import { lineCells } from "../shared/log_line.js";

/**
 * @typedef {import("../../model/log_filter.js").LogFilter} LogFilter
 * @typedef {import("../../model/log_filter.js").LogLine} LogLine
 */

const MOST_KEPT = 2000;
const MOST_SHOWN = 400;

/**
 * All log lines, live, in the order of their times; a line that is chosen sends `choose` with the line
 * as detail. What filters and pauses it stands where its owner puts it.
 */
export class LabStream extends HTMLElement {
  /** @type {LogLine[]} */
  #lines = [];
  /** @type {LogLine[]} */
  #held = [];
  #paused = false;
  /** @type {LogFilter} */
  #filter = { service: "", level: "INFO", text: "" };
  #list = build("ol", { class: "plain", tabindex: "0", "aria-label": gettext("Log lines") });
  #none = build("li", { class: "quiet none" }, gettext("No line matches."));
  count = build("span", { class: "quiet", role: "status" });
  pause = button("", () => this.#toggle(), { class: "bare", "aria-pressed": "false" });
  clear = button(gettext("Clear"), () => {
    this.#lines = [];
    this.#draw();
  }, { class: "bare" });

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#list);
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#showPause();
  }

  /** @param {LogFilter} filter */
  set filter(filter) {
    this.#filter = filter;
    this.#draw();
    this.#showHeld();
  }

  /**
   * @param {LogLine[]} added in any order
   * @returns {void}
   */
  add(added) {
    if (!added.length) return;
    if (this.#paused) {
      this.#held = newest(merged(this.#held, added), MOST_KEPT);
      this.#showHeld();
      return;
    }
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    const known = new Set(this.#lines.map((line) => line.seq));
    const fresh = added.filter((line) => !known.has(line.seq));
    this.#lines = newest(merged(this.#lines, fresh), MOST_KEPT);
    for (const line of fresh) if (matches(line, this.#filter)) this.#insert(line);
    while (this.#list.children.length > MOST_SHOWN) this.#list.firstElementChild?.remove();
    // When scrolled up, somebody is reading: the list stays where it is.
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /**
   * Puts a line where its time says.
   * @param {LogLine} line
   * @returns {void}
   */
  #insert(line) {
    this.#none.remove();
    const row = this.#row(line);
    let before = this.#list.lastElementChild;
    while (before instanceof HTMLElement && isLater(before.dataset.at ?? "", line.timeUnixNano)) {
      before = before.previousElementSibling;
    }
    if (before) before.after(row);
    else this.#list.prepend(row);
  }

  /** @returns {void} */
  #toggle() {
    this.#paused = !this.#paused;
    this.#showPause();
    if (this.#paused) return;
    const held = this.#held;
    this.#held = [];
    this.#showHeld();
    this.add(held);
  }

  /** @returns {void} */
  #showPause() {
    const text = this.#paused ? gettext("Resume") : gettext("Pause");
    this.pause.setAttribute("aria-pressed", String(this.#paused));
    this.pause.setAttribute("aria-label", text);
    this.pause.title = text;
    this.pause.replaceChildren(icon(this.#paused ? "play" : "pause"));
  }

  /**
   * Says how many lines came while the list stands still, of those that would be shown.
   * @returns {void}
   */
  #showHeld() {
    const waiting = this.#held.filter((line) => matches(line, this.#filter)).length;
    this.count.textContent = !this.#paused
      ? ""
      : ngettext("%s line is waiting", "%s lines are waiting", waiting);
  }

  /** @returns {void} */
  #draw() {
    const shown = this.#lines.filter((line) => matches(line, this.#filter)).slice(-MOST_SHOWN);
    const rows = shown.map((line) => this.#row(line));
    this.#list.replaceChildren(...(rows.length || !this.#lines.length ? rows : [this.#none]));
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /**
   * @param {LogLine} line
   * @returns {HTMLElement}
   */
  #row(line) {
    const row = build(
      "li",
      { class: `log-line ${line.level}`, "data-at": line.timeUnixNano },
      ...lineCells(line),
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

customElements.define("lab-stream", LabStream);
