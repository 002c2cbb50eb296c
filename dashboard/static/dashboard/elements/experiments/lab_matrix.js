import { build, button, scrollable, table } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";
import { link, verdict } from "./run_parts.js";

/**
 * @typedef {object} Cell
 * @property {string} row
 * @property {string} column
 * @property {string} text
 * @property {boolean} ok
 * @property {number} slowestMs
 * @property {Record<string, string[]>} offenders
 *
 * @typedef {object} State
 * @property {string} runId
 * @property {string} title
 * @property {string} status
 * @property {string} reason
 * @property {number} ordersEach
 * @property {number} seed
 * @property {number} total
 * @property {{row: string, column: string} | null} current
 * @property {Array<{name: string, title: string}>} rows
 * @property {Array<{name: string, title: string}>} columns
 * @property {Cell[]} cells
 */

/** Defences against faults: what was measured last, cell by cell, and a form that measures anew. */
export class LabMatrix extends HTMLElement {
  #orders = number("orders", "6", "1", "100");
  #seed = number("seed", "1", "0", "1000000");
  #start = build("button", { class: "primary" }, gettext("Measure"));
  #stop = button(gettext("Stop"), () => this.#stopRun());
  #problem = build("p", { class: "problem", role: "alert" });
  #status = build("p", { class: "row quiet", role: "status" });
  #table = build("div");
  #runId = "";

  /** @returns {Promise<void>} */
  async connectedCallback() {
    const form = build(
      "form",
      { class: "row" },
      build("label", {}, gettext("Orders per cell"), this.#orders),
      build("label", {}, gettext("Seed"), this.#seed),
      this.#start,
      this.#stop,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#measure();
    });
    this.#stop.hidden = true;
    this.replaceChildren(form, this.#problem, this.#status, this.#table);
    await this.refresh().catch((error) => this.#showError(error));
  }

  /**
   * @param {boolean} busy whether anything is being run
   * @returns {void}
   */
  set busy(busy) {
    /** @type {HTMLButtonElement} */ (this.#start).disabled = busy;
  }

  /** @returns {Promise<void>} */
  async refresh() {
    const { matrix } = await fetchJson("/api/matrix");
    this.#show(matrix);
  }

  /**
   * @param {State | null} state
   * @returns {void}
   */
  #show(state) {
    const running = state?.status === "running";
    this.#stop.hidden = !running;
    this.#start.hidden = running;
    this.#runId = state?.runId ?? "";
    if (!state) {
      this.#status.textContent = gettext("Nothing has been measured yet.");
      return;
    }
    const progress = interpolate(
      gettext("%(done)s of %(total)s cells, %(orders)s orders per cell, seed %(seed)s"),
      {
        done: state.cells.length,
        total: state.total,
        orders: state.ordersEach,
        seed: state.seed,
      },
    );
    this.#status.replaceChildren(
      verdict(state.status),
      build("span", {}, state.reason ? labelled(progress, state.reason) : progress),
      ...(running ? [] : [link(state, "report", gettext("Report"))]),
    );
    this.#table.replaceChildren(grid(state));
  }

  /** @returns {Promise<void>} */
  async #measure() {
    this.#problem.textContent = "";
    const body = { orders: this.#orders.valueAsNumber, seed: this.#seed.valueAsNumber };
    try {
      this.#show(await fetchJson("/api/matrix", { method: "POST", body }));
    } catch (error) {
      this.#showError(error);
    }
  }

  /** @returns {Promise<void>} */
  async #stopRun() {
    await fetchJson(`/api/runs/${this.#runId}/stop`, { method: "POST" }).catch((error) =>
      this.#showError(error)
    );
  }

  /**
   * @param {unknown} error
   * @returns {void}
   */
  #showError(error) {
    this.#problem.textContent = messageOf(error);
  }
}

/**
 * @param {State} state
 * @returns {HTMLElement}
 */
function grid(state) {
  const cells = new Map(state.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const corner = build("span", { class: "visually-hidden" }, gettext("Defence and fault"));
  const headings = [corner, ...state.columns.map((column) => column.title)];
  const rows = state.rows.map((row) =>
    build(
      "tr",
      {},
      build("th", { scope: "row" }, row.title),
      ...state.columns.map((column) => {
        const { current } = state;
        const running = current?.row === row.name && current.column === column.name;
        return measured(cells.get(`${row.name} ${column.name}`), running);
      }),
    )
  );
  return scrollable(gettext("Matrix"), table(headings, build("tbody", {}, ...rows)));
}

/**
 * @param {Cell | undefined} cell
 * @param {boolean} running
 * @returns {HTMLElement}
 */
function measured(cell, running) {
  if (!cell) {
    return build("td", {}, build("span", { class: "cell" }, running ? gettext("running …") : "–"));
  }
  const offender = Object.values(cell.offenders)[0]?.[0];
  const text = offender ? build("a", { href: `/orders/${offender}` }, cell.text) : cell.text;
  const waited = interpolate(gettext("%(ms)s ms at most"), { ms: cell.slowestMs });
  return build(
    "td",
    {},
    build("span", { class: `cell ${cell.ok ? "good" : "bad"}` }, text, build("small", {}, waited)),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} min
 * @param {string} max
 * @returns {HTMLInputElement}
 */
function number(name, value, min, max) {
  return /** @type {HTMLInputElement} */ (build("input", {
    type: "number",
    name,
    value,
    min,
    max,
    required: "",
  }));
}

customElements.define("lab-matrix", LabMatrix);
