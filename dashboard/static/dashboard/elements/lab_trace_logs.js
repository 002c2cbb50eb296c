import { build, button } from "../base/dom.js";
import { gettext, ngettext } from "../base/i18n.js";
import { clock } from "../base/time.js";
import { details } from "../model/log_filter.js";
import { hue } from "../model/palette.js";

/**
 * @typedef {import("../wire/revive.js").TraceLog} TraceLog
 * @typedef {import("../model/focus.js").Focus} Focus
 */

const MOST = 2_000;

/** A request's log lines in the order of their times, each tied to its span. */
export class LabTraceLogs extends HTMLElement {
  /** @type {TraceLog[]} */
  #logs = [];
  /** @type {Focus | null} */
  #focus = null;

  /**
   * @param {Focus} focus what it shares with the other views
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
    focus.addEventListener("change", () => this.#mark());
  }

  /** @returns {void} */
  connectedCallback() {
    this.#draw();
  }

  /**
   * @param {TraceLog[]} logs
   * @returns {void}
   */
  show(logs) {
    this.#logs = logs;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    if (!this.isConnected) return;
    const rows = this.#logs.slice(0, MOST).map((log) => this.#row(log));
    const none = build("li", { class: "quiet" }, gettext("No log line is seen from here."));
    const more = this.#logs.length - rows.length;
    this.replaceChildren(
      build("ol", { class: "plain" }, ...(rows.length ? rows : [none])),
      ...(more > 0
        ? [build("p", { class: "quiet" }, ngettext("and %s more", "and %s more", more))]
        : []),
    );
    this.#mark();
  }

  /**
   * @param {TraceLog} log
   * @returns {HTMLElement}
   */
  #row(log) {
    const row = build(
      "li",
      { class: log.level, "data-seq": String(log.seq), tabindex: "-1" },
      build("time", {}, clock(log.timeUnixNano)),
      build("span", { class: `service ${hue(log.service)}` }, log.service),
      build("span", { class: "msg" }, log.msg),
      build("span", { class: "fields" }, details(log).join(" ")),
    );
    row.addEventListener("pointerenter", () => this.#focus?.set({ cursor: log.at }));
    if (log.spanId) {
      const proof = { type: "span", id: log.spanId };
      row.append(
        button(gettext("span"), () => {
          this.dispatchEvent(new CustomEvent("prove", { detail: proof, bubbles: true }));
        }, { class: "link" }),
      );
    }
    return row;
  }

  /**
   * Marks the lines of the selected span, and the last one before the cursor.
   * @returns {void}
   */
  #mark() {
    if (!this.isConnected || !this.#focus) return;
    const { selected, cursor } = this.#focus.state;
    const reached = cursor === null ? undefined : this.#logs.findLast((log) => log.at <= cursor);
    this.#logs.slice(0, MOST).forEach((log, index) => {
      const row = this.querySelector("ol")?.children[index];
      row?.classList.toggle("selected", selected !== "" && log.spanId === selected);
      row?.classList.toggle("reached", log === reached);
    });
  }

  /**
   * @param {string} seq
   * @returns {void}
   */
  select(seq) {
    for (const row of this.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    const row = /** @type {HTMLElement | null} */ (this.querySelector(`[data-seq="${seq}"]`));
    row?.setAttribute("aria-current", "true");
    row?.focus();
  }
}

customElements.define("lab-trace-logs", LabTraceLogs);
