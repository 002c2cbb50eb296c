import { build, scrollable, table } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { duration, timeOfDay } from "../../base/time.js";
import { fetchJson } from "../../wire/api.js";

/**
 * @typedef {object} Request A trace, as the list of traces has it.
 * @property {string} traceId
 * @property {string} name
 * @property {string} startTime
 * @property {number} durationMs
 * @property {string[]} errorKinds
 * @property {Array<{name: string}>} services
 */

const MOST = 50;

/**
 * The requests of a system without orders, newest first. One that is chosen is sent as `choose`, with
 * its trace; it stays in the list however many follow.
 */
export class LabRequests extends HTMLElement {
  /** @type {Request[]} */
  #requests = [];
  #chosen = "";
  #body = build("tbody");
  #empty = build(
    "p",
    { class: "empty" },
    build("b", {}, gettext("No requests yet")),
    gettext("Each request shows here with the services that took part, and how it ended."),
  );

  /** @returns {void} */
  connectedCallback() {
    const headings = [gettext("time"), gettext("request"), gettext("took"), gettext("error")];
    const list = scrollable(gettext("List of requests"), table(headings, this.#body), this.#empty);
    this.replaceChildren(
      build("div", { class: "head" }, build("h2", {}, gettext("Requests"))),
      list,
    );
  }

  /** @returns {Promise<void>} */
  async show() {
    /** @type {{traces: Request[]}} */
    const { traces } = await fetchJson(`/api/traces?limit=${MOST}`);
    const chosen = this.#requests.find(({ traceId }) => traceId === this.#chosen);
    const kept = chosen && traces.every(({ traceId }) => traceId !== this.#chosen);
    this.#requests = kept ? [...traces, chosen] : traces;
    this.#body.replaceChildren(...this.#requests.map((request) => this.#row(request)));
    this.#empty.hidden = this.#requests.length > 0;
  }

  /** @param {string} traceId that is shown beside the list */
  set chosen(traceId) {
    this.#chosen = traceId;
    for (const row of this.#body.children) {
      row.setAttribute("aria-current", String(row.getAttribute("data-trace") === traceId));
    }
  }

  /** @returns {string} the newest trace; empty when there is none */
  get newest() {
    return this.#requests[0]?.traceId ?? "";
  }

  /**
   * Chooses the next or the previous request.
   * @param {1 | -1} step
   * @returns {void}
   */
  move(step) {
    const at = this.#requests.findIndex(({ traceId }) => traceId === this.#chosen);
    const request = this.#requests[Math.max(0, at + step)];
    if (request) this.#choose(request);
  }

  /**
   * @param {Request} request
   * @returns {HTMLElement}
   */
  #row(request) {
    const { traceId, name, startTime, durationMs, errorKinds, services } = request;
    const link = build("a", { href: `/traces/${traceId}` }, name);
    const row = build(
      "tr",
      {
        "data-trace": traceId,
        "aria-current": String(traceId === this.#chosen),
        title: services.map((each) => each.name).join(", "),
      },
      build("td", {}, timeOfDay(new Date(startTime))),
      build("td", {}, link),
      build("td", {}, duration(durationMs)),
      build("td", { class: errorKinds.length ? "bad" : "" }, errorKinds.join(", ")),
    );
    row.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#choose(request);
    });
    return row;
  }

  /**
   * @param {Request} request
   * @returns {void}
   */
  #choose({ traceId }) {
    this.chosen = traceId;
    this.dispatchEvent(new CustomEvent("choose", { detail: traceId }));
  }
}

customElements.define("lab-requests", LabRequests);
