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
/** Lines that may be more than those, so that not each one that comes has another removed. */
const SLACK = 100;
const END_PX = 40;
/** From when on a list that was scrolled is at rest. */
const REST_MS = 150;

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
  /** Pixels of lines that are gone, above those that are left. */
  #room = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
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
    this.#list.onscroll = () => {
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => this.#closeUp(), REST_MS);
    };
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
    const atEnd = this.#isAtEnd;
    const known = new Set(this.#lines.map((line) => line.seq));
    const fresh = added.filter((line) => !known.has(line.seq));
    this.#lines = newest(merged(this.#lines, fresh), MOST_KEPT);
    for (const line of fresh) if (matches(line, this.#filter)) this.#insert(line);
    if (this.#list.children.length > MOST_SHOWN + SLACK) this.#trim(atEnd);
    // When scrolled up, somebody is reading: the list stays where it is.
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @returns {boolean} whether the newest line is in sight, and is to stay there */
  get #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  /**
   * Removes the oldest lines, but none that somebody reads. Their room is kept until the reader scrolls, so
   * that no other line moves.
   * @param {boolean} atEnd
   * @returns {void}
   */
  #trim(atEnd) {
    const rows = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    const [first] = rows;
    const old = rows.slice(0, -MOST_SHOWN).filter((row) =>
      atEnd || row.offsetTop + row.offsetHeight <= this.#list.scrollTop
    );
    const next = rows[old.length];
    if (!first || !next || !old.length) return;
    this.#room += next.offsetTop - first.offsetTop;
    for (const row of old) row.remove();
    this.#list.style.setProperty("--room", `${this.#room}px`);
  }

  /**
   * Gives up the room of lines that are gone, once the reader has scrolled up towards it.
   * @returns {void}
   */
  #closeUp() {
    if (!this.#room || this.#isAtEnd) return;
    const top = this.#list.scrollTop - this.#room;
    this.#forgetRoom();
    this.#list.scrollTop = top;
  }

  /** @returns {void} */
  #forgetRoom() {
    this.#room = 0;
    this.#list.style.removeProperty("--room");
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
    this.#forgetRoom();
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
