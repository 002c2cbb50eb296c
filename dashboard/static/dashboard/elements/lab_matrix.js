import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { ask } from "../wire/api.js";
import { link, verdict } from "./lab_run.js";

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
  #stop = button(gettext("Stop"), () => this.#halt());
  #problem = build("p", { class: "problem", role: "alert" });
  #said = build("p", { class: "row quiet", role: "status" });
  #table = build("div");
  #runId = "";

  /** @returns {Promise<void>} */
  async connectedCallback() {
    const form = build(
      "form",
      { class: "row" },
      build("label", {}, gettext("Orders a cell"), this.#orders),
      build("label", {}, gettext("Seed"), this.#seed),
      this.#start,
      this.#stop,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#measure();
    });
    this.#stop.hidden = true;
    this.replaceChildren(form, this.#problem, this.#said, this.#table);
    await this.refresh().catch((error) => this.#complain(error));
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
    const { matrix } = await ask("/api/matrix");
    this.#show(matrix);
  }

  /**
   * @param {State | null} state
   * @returns {void}
   */
  #show(state) {
    const going = state?.status === "running";
    this.#stop.hidden = !going;
    this.#start.hidden = going;
    this.#runId = state?.runId ?? "";
    if (!state) {
      this.#said.textContent = gettext("Nothing has been measured yet.");
      return;
    }
    const told = interpolate(
      gettext("%(done)s of %(total)s cells, %(orders)s orders a cell, seed %(seed)s"),
      {
        done: state.cells.length,
        total: state.total,
        orders: state.ordersEach,
        seed: state.seed,
      },
    );
    this.#said.replaceChildren(
      verdict(state.status),
      build("span", {}, state.reason ? `${told}: ${state.reason}` : told),
      ...(going ? [] : [link(state, "report", gettext("Report"))]),
    );
    this.#table.replaceChildren(grid(state));
  }

  /** @returns {Promise<void>} */
  async #measure() {
    this.#problem.textContent = "";
    const body = { orders: this.#orders.valueAsNumber, seed: this.#seed.valueAsNumber };
    try {
      this.#show(await ask("/api/matrix", { method: "POST", body }));
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @returns {Promise<void>} */
  async #halt() {
    await ask(`/api/runs/${this.#runId}/stop`, { method: "POST" }).catch((error) =>
      this.#complain(error)
    );
  }

  /**
   * @param {unknown} error
   * @returns {void}
   */
  #complain(error) {
    this.#problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {State} state
 * @returns {HTMLElement}
 */
function grid(state) {
  const cells = new Map(state.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const heads = state.columns.map((column) => build("th", { scope: "col" }, column.title));
  const corner = build(
    "td",
    {},
    build("span", { class: "visually-hidden" }, gettext("Defence and fault")),
  );
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
  return build(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": gettext("Matrix") },
    build(
      "table",
      {},
      build("thead", {}, build("tr", {}, corner, ...heads)),
      build("tbody", {}, ...rows),
    ),
  );
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
