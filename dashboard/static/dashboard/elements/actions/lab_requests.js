import { arrange, build, scrollable, table } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";
import { RequestRow } from "./request_row.js";

/** @typedef {import("./request_row.js").Request} Request */

const MOST = 50;

/**
 * The requests of a system without orders, newest first. One that is chosen is sent as `choose`, with
 * its trace; it stays in the list however many follow.
 */
export class LabRequests extends HTMLElement {
  /** @type {Request[]} */
  #requests = [];
  /** @type {Map<string, RequestRow>} by their traces: each is kept, and changed in place */
  #rows = new Map();
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
    this.#rows = new Map(
      this.#requests.map((request) => [request.traceId, this.#row(request)]),
    );
    arrange(this.#body, [...this.#rows.values()].map(({ element }) => element));
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
    if (request) this.#choose(request.traceId);
  }

  /**
   * @param {Request} request
   * @returns {RequestRow}
   */
  #row(request) {
    const { traceId } = request;
    const row = this.#rows.get(traceId) ?? new RequestRow(request, () => this.#choose(traceId));
    row.show(request);
    row.element.setAttribute("aria-current", String(traceId === this.#chosen));
    return row;
  }

  /**
   * @param {string} traceId
   * @returns {void}
   */
  #choose(traceId) {
    this.chosen = traceId;
    this.dispatchEvent(new CustomEvent("choose", { detail: traceId }));
  }
}

customElements.define("lab-requests", LabRequests);
