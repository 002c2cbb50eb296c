import { build, button } from "../base/dom.js";
import { gettext, ngettext } from "../base/i18n.js";
import { clock, duration } from "../base/time.js";
import { hue } from "../model/palette.js";
import { toExportQuery, toQuery } from "../model/trace_filter.js";
import { ask } from "../wire/api.js";
import { download } from "../wire/download.js";
import { badge } from "./lab_orders.js";

/**
 * @typedef {object} Summary One line of the list.
 * @property {string} traceId
 * @property {string} name
 * @property {string | null} orderId
 * @property {string | null} orderStatus
 * @property {string} startTime
 * @property {string} startTimeUnixNano
 * @property {number} durationMs
 * @property {number} spanCount
 * @property {number} errorCount
 * @property {string[]} errorKinds
 * @property {Array<{name: string, spanCount: number}>} services
 * @property {boolean} open
 */

const PAGE = 50;

/** The list of traces, newest first; `shown` tells of a page with its traces as detail. */
export class LabTraces extends HTMLElement {
  /** @type {Record<string, string>} */
  #wanted = {};
  /** @type {Summary[]} */
  #listed = [];
  /** @type {string | null} */
  #next = null;
  /** @type {Set<string>} */
  #chosen = new Set();
  #asked = 0;
  #body = build("tbody");
  #said = build("p", { class: "quiet", role: "status" });
  #older = button(gettext("Older"), () => this.#load(this.#next));
  #exported = build("span", { class: "quiet" });
  #exporters = [
    button(gettext("Export OTLP JSON"), () => this.#export("otlp")),
    button(gettext("Export Jaeger JSON"), () => this.#export("jaeger")),
  ];
  #compare = button(gettext("Compare the two"), () => this.#goToCompare(), { class: "primary" });

  /** @returns {void} */
  connectedCallback() {
    const heads = [
      "",
      gettext("Time"),
      gettext("Trace"),
      gettext("Services"),
      gettext("Order"),
      gettext("Error"),
      gettext("Spans"),
      gettext("Duration"),
    ];
    this.#showChoice();
    this.replaceChildren(
      build(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": gettext("List of traces") },
        build(
          "table",
          {},
          build(
            "thead",
            {},
            build(
              "tr",
              {},
              ...heads.map((head) =>
                head ? build("th", { scope: "col" }, head) : build(
                  "th",
                  { scope: "col" },
                  build("span", { class: "visually-hidden" }, gettext("Choose")),
                )
              ),
            ),
          ),
          this.#body,
        ),
      ),
      build("p", { class: "row" }, this.#said, this.#older, this.#compare),
      build(
        "p",
        { class: "row" },
        this.#exported,
        ...this.#exporters,
      ),
    );
  }

  /**
   * @param {Record<string, string>} wanted filters
   * @returns {Promise<void>}
   */
  filter(wanted) {
    this.#wanted = wanted;
    return this.#load(null);
  }

  /**
   * Asks for the first page again, unless somebody has gone on to older ones.
   * @returns {void}
   */
  refresh() {
    if (this.#listed.length <= PAGE) this.#load(null);
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
   * @param {string | null} cursor
   * @returns {Promise<void>}
   */
  async #load(cursor) {
    const asked = ++this.#asked;
    const query = toQuery(this.#wanted);
    const paging = `limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
    try {
      const told = await ask(`/api/traces${query ? `${query}&` : "?"}${paging}`);
      if (asked !== this.#asked) return;
      this.#listed = cursor ? [...this.#listed, ...told.traces] : told.traces;
      this.#next = told.next;
      this.#draw();
    } catch (error) {
      this.#said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns {void} */
  #draw() {
    const focused = document.activeElement?.getAttribute("data-trace");
    this.#body.replaceChildren(...this.#listed.map((trace) => this.#row(trace)));
    if (focused) {
      /** @type {HTMLElement | null} */ (this.#body.querySelector(`a[data-trace="${focused}"]`))
        ?.focus();
    }
    this.#showChoice();
    this.#older.hidden = this.#next === null;
    this.#said.textContent = this.#listed.length
      ? ngettext("%s trace", "%s traces", this.#listed.length)
      : gettext("No trace matches. Any OpenTelemetry application can send to this address.");
    this.dispatchEvent(new CustomEvent("shown", { detail: this.#listed }));
  }

  /**
   * @param {Summary} trace
   * @returns {HTMLElement}
   */
  #row(trace) {
    const choose = /** @type {HTMLInputElement} */ (build("input", {
      type: "checkbox",
      "aria-label": `${gettext("Choose")}: ${trace.name} ${trace.traceId.slice(0, 8)}`,
    }));
    choose.checked = this.#chosen.has(trace.traceId);
    choose.addEventListener("change", () => {
      if (choose.checked) this.#chosen.add(trace.traceId);
      else this.#chosen.delete(trace.traceId);
      this.#showChoice();
    });
    const services = trace.services.map((service) =>
      build(
        "span",
        { class: `service ${hue(service.name)}` },
        `${service.name} ${service.spanCount}`,
      )
    );
    return build(
      "tr",
      {},
      build("td", {}, choose),
      build("td", { class: "mono quiet" }, clock(trace.startTimeUnixNano)),
      build(
        "td",
        {},
        build("a", { href: `/traces/${trace.traceId}`, "data-trace": trace.traceId }, trace.name),
      ),
      build("td", { class: "services" }, shares(trace), ...services),
      build("td", {}, ...(trace.orderStatus ? [badge(trace.orderStatus)] : [])),
      build("td", { class: "mono error" }, trace.errorKinds.join(", ")),
      build("td", {}, trace.open ? `${trace.spanCount} …` : String(trace.spanCount)),
      build("td", {}, duration(trace.durationMs)),
    );
  }

  /** @returns {void} */
  #showChoice() {
    const chosen = this.#chosen.size;
    this.#compare.hidden = chosen !== 2;
    this.#exported.textContent = chosen
      ? ngettext("%s chosen trace:", "%s chosen traces:", chosen)
      : gettext("All that the filters find:");
    for (const each of this.#exporters) each.disabled = !chosen && !this.#listed.length;
  }

  /**
   * @param {"otlp" | "jaeger"} format
   * @returns {Promise<void>}
   */
  async #export(format) {
    try {
      await download(`/api/export${toExportQuery(format, [...this.#chosen], this.#wanted)}`);
    } catch (error) {
      this.#said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns {void} */
  #goToCompare() {
    const [a, b] = [...this.#chosen];
    location.assign(`/compare?a=${a}&b=${b}`);
  }
}

/**
 * A bar of how many spans each service has of a trace.
 * @param {Summary} trace
 * @returns {HTMLElement}
 */
function shares(trace) {
  const parts = trace.services.map((service) => {
    const part = build("i", { class: `ink ${hue(service.name)}` });
    part.style.flexGrow = String(service.spanCount);
    return part;
  });
  return build("span", { class: "shares", "aria-hidden": "true" }, ...parts);
}

customElements.define("lab-traces", LabTraces);
