import { arrange, build, button, keepingFocus, scrollable, sliding } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { hue, learnSenders } from "../../base/palette.js";
import { serviceColumns } from "../../model/traces/service_columns.js";
import { longestOf } from "../../model/traces/distribution.js";
import { toExportQuery, toQuery } from "../../model/traces/trace_filter.js";
import { fetchJson } from "../../wire/api.js";
import { ListExports } from "./list_exports.js";
import { serviceMark, traceRow } from "./trace_row.js";

/** @typedef {import("./trace_row.js").Summary} Summary */

const PAGE = 50;

/**
 * The list of traces, newest first. `shown` is sent with the traces of a page, `look` with one that is to be
 * shown beside it.
 */
export class LabTraces extends HTMLElement {
  /** @type {Record<string, string>} */
  #filters = {};
  /** @type {Summary[]} */
  #listed = [];
  /** @type {string | null} */
  #next = null;
  /** @type {Set<string>} */
  #chosen = new Set();
  #requests = 0;
  /** @type {Map<string, HTMLElement>} by the ids of their traces */
  #rows = new Map();
  #marked = "";
  #drawing = false;
  #head = build("tr");
  #body = build("tbody");
  #scroll = scrollable(
    gettext("List of traces"),
    build("table", {}, build("thead", {}, this.#head), this.#body),
  );
  #status = build("p", { class: "quiet", role: "status" });
  #older = button(gettext("Older"), () => this.#load(this.#next), { class: "link" });
  #legend = build("p", { class: "legend" });
  #probes = build("p", { class: "quiet probes" });
  /** Traces that came since, and wait while somebody is at the list. */
  #newer = 0;
  #showNewer = button("", () => this.showNewer(), { class: "newer" });
  #exports = new ListExports((format) => toExportQuery(format, [...this.#chosen], this.#filters));
  #chosenCount = build("span");
  #compare = button("", () => this.#goToCompare(), { class: "primary" });
  #choice = build("p", { class: "row choice" }, this.#chosenCount, this.#compare);

  /** What exports the list, to be put where the page has its menu. */
  exports = this.#exports.element;

  /** @returns {void} */
  connectedCallback() {
    const none = button(gettext("Choose none"), () => this.#chooseNone(), { class: "link" });
    this.#choice.append(none);
    this.#showChoice();
    this.replaceChildren(
      this.#scroll,
      build(
        "div",
        { class: "foot" },
        this.#status,
        this.#older,
        this.#choice,
        this.#legend,
        this.#probes,
      ),
    );
  }

  /**
   * @param {Record<string, string>} filters
   * @returns {Promise<void>}
   */
  filter(filters) {
    this.#filters = filters;
    return this.#load(null);
  }

  /**
   * Loads the first page again. While somebody is at the list, what is new waits: nothing moves away from
   * under the eyes or the pointer.
   * @returns {Promise<void>}
   */
  refresh() {
    return this.#load(null, this.#isRead);
  }

  /**
   * Shows the traces that wait.
   * @returns {Promise<void>}
   */
  async showNewer() {
    if (!this.#newer) return;
    await this.#load(null);
    this.#scroll.scrollTop = 0;
  }

  /** @returns {boolean} whether somebody is at the list */
  get #isRead() {
    return this.#listed.length > PAGE || this.#scroll.scrollTop > 0 || this.#marked !== "" ||
      this.#chosen.size > 0 || this.#scroll.matches(":hover, :focus-within");
  }

  /**
   * Moves the focus along the list.
   * @param {number} step
   * @returns {void}
   */
  move(step) {
    const links = /** @type {HTMLElement[]} */ ([...this.#body.querySelectorAll("a")]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  }

  /**
   * @param {string} traceId that is shown beside the list; empty for none
   * @returns {void}
   */
  mark(traceId) {
    this.#marked = traceId;
    for (const row of this.#body.children) {
      const link = row.querySelector("a");
      row.toggleAttribute("aria-current", link?.dataset.trace === traceId);
    }
  }

  /**
   * @param {Summary} trace
   * @returns {void}
   */
  #look(trace) {
    // A focus that is only put back looks at nothing anew.
    if (this.#drawing || trace.traceId === this.#marked) return;
    this.mark(trace.traceId);
    this.dispatchEvent(new CustomEvent("look", { detail: trace }));
  }

  /**
   * @param {string | null} cursor
   * @param {boolean} [inPlace] only what is listed is to change
   * @returns {Promise<void>}
   */
  async #load(cursor, inPlace = false) {
    const request = ++this.#requests;
    const query = toQuery(this.#filters);
    const paging = `limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
    try {
      const page = await fetchJson(`/api/traces${query ? `${query}&` : "?"}${paging}`);
      if (request !== this.#requests) return;
      const traces = /** @type {Summary[]} */ (page.traces);
      learnSenders(traces.flatMap(({ services }) => services.map(({ name }) => name)));
      const known = new Set(this.#listed.map(({ traceId }) => traceId));
      if (inPlace && known.size) {
        const now = new Map(page.traces.map((/** @type {Summary} */ each) => [each.traceId, each]));
        this.#listed = this.#listed.map((each) => now.get(each.traceId) ?? each);
        this.#newer = [...now.keys()].filter((traceId) => !known.has(traceId)).length;
      } else {
        this.#listed = cursor ? [...this.#listed, ...page.traces] : page.traces;
        this.#next = page.next;
        if (!cursor) this.#newer = 0;
      }
      this.#draw();
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
  }

  /** @returns {void} */
  #draw() {
    const columns = serviceColumns(this.#listed);
    const longest = longestOf(this.#listed);
    this.#showHead(columns);
    this.#rows = new Map(this.#listed.map((trace) => {
      const { traceId } = trace;
      const chosen = this.#chosen.has(traceId);
      const choose = (/** @type {boolean} */ value) => this.#choose(traceId, value);
      const look = () => this.#look(trace);
      const row = traceRow(trace, { columns, longest, chosen, choose, look });
      row.toggleAttribute("aria-current", traceId === this.#marked);
      const earlier = this.#rows.get(traceId);
      return [traceId, earlier && showsTheSame(earlier, row) ? earlier : row];
    }));
    this.#drawing = true;
    keepingFocus(this.#body, "data-trace", () => {
      sliding(this.#body, () => arrange(this.#body, [...this.#rows.values()]));
    });
    this.#drawing = false;
    this.#showChoice();
    this.#older.hidden = this.#next === null;
    this.#status.textContent = this.#listed.length
      ? ngettext("%s trace", "%s traces", this.#listed.length)
      : gettext("No trace matches. Any OpenTelemetry application can send to this address.");
    this.#showProbes();
    this.#showNewer.hidden = !this.#newer;
    this.#showNewer.textContent = ngettext("%s newer", "%s newer", this.#newer);
    this.dispatchEvent(new CustomEvent("shown", { detail: this.#listed }));
  }

  /**
   * @param {string[]} columns the services that have one
   * @returns {void}
   */
  #showHead(columns) {
    const heading = (/** @type {string} */ name, /** @type {string} */ text) =>
      build("th", { scope: "col", class: name }, text);
    const hidden = (/** @type {string} */ text) =>
      build("span", { class: "visually-hidden" }, text);
    this.#head.replaceChildren(
      build("th", { scope: "col", class: "choice" }, hidden(gettext("Choose"))),
      heading("time", gettext("time")),
      build("th", { scope: "col", class: "name" }, gettext("Trace"), this.#showNewer),
      ...columns.map((each) =>
        build(
          "th",
          { scope: "col", class: "service", title: each },
          serviceMark(each),
          hidden(each),
        )
      ),
      build("th", { scope: "col", class: "service" }, hidden(gettext("other services"))),
      heading("spans", gettext("spans")),
      heading("bar", gettext("duration, logarithmic")),
      build("td", { class: "took" }),
      heading("order", this.#listed.some((each) => each.orderStatus) ? gettext("order") : ""),
      heading("error", gettext("error · failed spans")),
    );
    this.#legend.replaceChildren(
      ...columns.map((each) =>
        build("span", { class: `service ${hue(each)}` }, serviceMark(each), each)
      ),
    );
  }

  /** @returns {void} */
  #showProbes() {
    const shown = this.#filters.probes === "1";
    const ask = () => this.dispatchEvent(new CustomEvent("probes", { detail: shown ? "" : "1" }));
    this.#probes.replaceChildren(
      shown ? gettext("Health checks are shown.") : gettext("Health checks are left out."),
      " ",
      button(shown ? gettext("Leave them out") : gettext("Show them"), ask, { class: "link" }),
    );
  }

  /**
   * @param {string} traceId
   * @param {boolean} chosen
   * @returns {void}
   */
  #choose(traceId, chosen) {
    if (chosen) this.#chosen.add(traceId);
    else this.#chosen.delete(traceId);
    this.#showChoice();
  }

  /** @returns {void} */
  #chooseNone() {
    this.#chosen.clear();
    this.#draw();
  }

  /** @returns {void} */
  #showChoice() {
    const chosen = this.#chosen.size;
    const text = ngettext("%s chosen trace:", "%s chosen traces:", chosen);
    this.#choice.hidden = !chosen;
    this.#chosenCount.textContent = text;
    this.#compare.disabled = chosen > 2;
    this.#compare.textContent = chosen === 1
      ? gettext("Compare with another trace")
      : gettext("Compare the two");
    this.#exports.show(chosen, this.#listed.length);
  }

  /** @returns {void} */
  #goToCompare() {
    const [a = "", b = ""] = [...this.#chosen];
    location.assign(`/compare?${new URLSearchParams({ a, ...(b && { b }) })}`);
  }
}

/**
 * @param {HTMLElement} earlier
 * @param {HTMLElement} row
 * @returns {boolean}
 */
function showsTheSame(earlier, row) {
  const isChosen = (/** @type {HTMLElement} */ each) => each.querySelector("input")?.checked;
  return earlier.isEqualNode(row) && isChosen(earlier) === isChosen(row);
}

customElements.define("lab-traces", LabTraces);
