import { arrange, build, button } from "../../base/dom.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { once } from "../../base/scheduling.js";
import { matches } from "../../model/log_filter.js";
import { lineCells } from "../shared/log_line.js";

/**
 * @typedef {import("../../model/trace/span.js").TraceLog} TraceLog
 * @typedef {import("../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../model/trace/layout.js").Layout} Layout
 */

const MOST = 2_000;

/** A request's log lines in the order of their times, each tied to its span. */
export class LabTraceLogs extends HTMLElement {
  /** Loads what shows all of a line, before somebody asks for it or when somebody does. */
  loadParts = once(() => import("../shared/log_parts.js"));
  /** @type {TraceLog[]} */
  #logs = [];
  /** @type {Layout["keyOf"]} */
  #keyOf = (spanId) => spanId;
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  /** @type {ViewState | null} */
  #view = null;
  /** @type {import("../../model/log_filter.js").LogFilter | null} */
  #filter = null;
  #list = build("ol", { class: "plain" });
  #more = build(
    "p",
    { class: "quiet note" },
    gettext("Nothing on record. A page at rest makes no records."),
  );
  /** Whether there was a trace to show the lines of. */
  #begun = false;
  /** Lines beyond those that are listed. */
  #left = 0;

  /**
   * @param {ViewState} view what it shares with the other views
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
    view.addEventListener("change", () => this.#mark());
  }

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#list, this.#more);
    this.#mark();
  }

  /** @param {import("../../model/log_filter.js").LogFilter} filter which lines are shown */
  set filter(filter) {
    this.#filter = filter;
    this.#sift();
  }

  /**
   * @param {Pick<Layout, "logs" | "keyOf">} layout
   * @returns {void}
   */
  show({ logs, keyOf }) {
    this.#begun = true;
    this.#keyOf = keyOf;
    this.#logs = logs.slice(0, MOST);
    this.#rows = new Map(
      this.#logs.map((log) => [log.seq, this.#rows.get(log.seq) ?? this.#row(log)]),
    );
    arrange(this.#list, [...this.#rows.values()]);
    this.#left = logs.length - this.#logs.length;
    this.#sift();
    this.#mark();
  }

  /**
   * Hides what the filter leaves out, and says why there is less to see.
   * @returns {void}
   */
  #sift() {
    if (!this.#begun) return;
    let shown = 0;
    for (const log of this.#logs) {
      const passes = !this.#filter || matches(log, this.#filter);
      const row = this.#rows.get(log.seq);
      if (row) row.hidden = !passes;
      if (passes) shown++;
    }
    this.#more.textContent = !this.#logs.length
      ? gettext("No log line is seen from here.")
      : !shown
      ? gettext("No line matches.")
      : this.#left
      ? ngettext("and %s more", "and %s more", this.#left)
      : "";
  }

  /**
   * @param {TraceLog} log
   * @returns {HTMLElement}
   */
  #row(log) {
    const row = build(
      "li",
      { class: `log-line ${log.level}`, "data-seq": String(log.seq), tabindex: "-1" },
      ...lineCells(log),
    );
    const tools = build("span", { class: "line-tools" }, this.#opener(log, row));
    row.append(tools);
    row.addEventListener("pointerenter", () => this.#view?.set({ cursor: log.at }));
    const spanId = log.spanId;
    if (spanId) {
      row.addEventListener("click", () => {
        this.#view?.set({ selected: this.#keyOf(spanId, log.service) });
      });
      const proof = { type: "span", id: spanId, service: log.service };
      tools.append(
        button(gettext("span"), () => {
          row.dispatchEvent(new CustomEvent("prove", { detail: proof, bubbles: true }));
        }, { class: "link" }),
      );
    }
    return row;
  }

  /**
   * What opens all that was sent of a line, below it.
   * @param {TraceLog} log
   * @param {HTMLElement} row
   * @returns {HTMLButtonElement}
   */
  #opener(log, row) {
    const all = build("div", { class: "all-of-line" });
    // Texts are marked and copied there: no click of theirs chooses a span.
    all.addEventListener("click", (event) => event.stopPropagation());
    const opener = button("", () => {}, {
      class: "bare opener",
      "aria-expanded": "false",
      "aria-label": gettext("All of this line"),
      title: gettext("All of this line"),
    });
    opener.append(icon("down"));
    opener.addEventListener("click", async (event) => {
      event.stopPropagation();
      const opens = !all.isConnected;
      opener.setAttribute("aria-expanded", String(opens));
      if (!opens) return all.remove();
      row.append(all);
      const { logParts } = await this.loadParts();
      if (!all.hasChildNodes()) all.append(...logParts(log));
    });
    return opener;
  }

  /**
   * Marks the lines of the selected span, and the last one before the cursor.
   * @returns {void}
   */
  #mark() {
    if (!this.#view) return;
    const { selected, cursor } = this.#view.state;
    const reached = cursor === null ? undefined : this.#logs.findLast((log) => log.at <= cursor);
    for (const log of this.#logs) {
      const row = this.#rows.get(log.seq);
      const key = log.spanId && this.#keyOf(log.spanId, log.service);
      row?.classList.toggle("selected", selected !== "" && key === selected);
      row?.classList.toggle("reached", log === reached);
    }
  }

  /**
   * @param {string} seq
   * @returns {void}
   */
  select(seq) {
    for (const row of this.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    const row = this.#rows.get(Number(seq));
    row?.setAttribute("aria-current", "true");
    row?.focus();
  }
}

customElements.define("lab-trace-logs", LabTraceLogs);
