import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { ask } from "../wire/api.js";

/** @typedef {import("../model/map.js").Fault} Fault */

const SLOW_MS = 5000;

/** The source material's three faults as switches, and the list of all that is in force. */
export class LabFaults extends HTMLElement {
  /** @type {Fault[]} */
  #faults = [];
  #since = performance.now();
  #problem = build("p", { class: "problem", role: "alert" });
  #list = build("ul", { class: "plain active" });
  #heal = button(gettext("Heal all"), () => this.#do("/api/faults", "DELETE"));
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #slow = /** @type {HTMLInputElement} */ (build("input", {
    type: "number",
    min: "0",
    max: "600000",
    value: String(SLOW_MS),
    "aria-label": gettext("delay of the worker in milliseconds"),
  }));
  #switches = [
    this.#toggle(gettext("API → worker"), "api-to-worker", "cut", gettext("Cut")),
    this.#toggle(gettext("Worker → API (callback)"), "worker-to-api", "cut", gettext("Cut")),
    this.#toggle(gettext("Worker, late by ms"), "worker", "slow", gettext("Slow"), this.#slow),
  ];

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(
      build("div", { class: "switches" }, ...this.#switches.map(({ row }) => row)),
      this.#problem,
      this.#list,
      build("p", { class: "row" }, this.#heal),
    );
    this.#ticking = setInterval(() => this.#countDown(), 1000);
    this.show([]);
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#ticking);
  }

  /**
   * @param {Fault[]} faults in force
   * @param {number} [hidden] how many more are, which a mystery keeps to itself
   * @returns {void}
   */
  show(faults, hidden = 0) {
    this.#faults = faults;
    this.#since = performance.now();
    for (const each of this.#switches) {
      const on = faults.some((fault) => fault.target === each.target && fault.kind === each.kind);
      each.control.setAttribute("aria-pressed", String(on));
    }
    this.#heal.hidden = faults.length + hidden === 0;
    const rows = faults.map((fault) =>
      build(
        "li",
        {},
        build("span", {}, fault.words),
        build("time", { "data-fault": fault.id }),
        button(gettext("Heal"), () => this.#do(`/api/faults/${fault.id}`, "DELETE"), {
          "aria-label": interpolate(gettext("Heal: %(words)s"), { words: fault.words }),
        }),
      )
    );
    const none = build("li", { class: "quiet" }, gettext("No fault is in force."));
    const mystery = build(
      "li",
      {},
      build("a", { href: "/lesson/mystery" }, gettext("A mystery is on: it hides a fault.")),
    );
    if (hidden) rows.push(mystery);
    this.#list.replaceChildren(...(rows.length ? rows : [none]));
    this.#countDown();
  }

  /** @returns {void} */
  #countDown() {
    const passed = (performance.now() - this.#since) / 1000;
    for (const fault of this.#faults) {
      const place = this.querySelector(`[data-fault="${fault.id}"]`);
      if (!place || fault.remainingSeconds === null) continue;
      const left = Math.max(0, Math.ceil(fault.remainingSeconds - passed));
      place.textContent = interpolate(gettext("%(left)s s left"), { left });
    }
  }

  /**
   * @param {string} title
   * @param {string} target
   * @param {string} kind
   * @param {string} verb
   * @param {HTMLInputElement} [number]
   * @returns {{row: HTMLElement, control: HTMLElement, target: string, kind: string}}
   */
  #toggle(title, target, kind, verb, number) {
    const control = button(verb, () => {
      const set = this.#faults.find((fault) => fault.target === target && fault.kind === kind);
      if (set) this.#do(`/api/faults/${set.id}`, "DELETE");
      else {
        const ms = number && { ms: Number(number.value) };
        this.#do("/api/faults", "POST", { target, kind, setBy: "page", ...ms });
      }
    }, { "aria-pressed": "false", "aria-label": `${title}: ${verb}` });
    const row = build(
      "div",
      { class: "switch" },
      build("span", {}, title),
      ...(number ? [number] : []),
      control,
    );
    return { row, control, target, kind };
  }

  /**
   * @param {string} path
   * @param {string} method
   * @param {unknown} [body]
   * @returns {Promise<void>}
   */
  async #do(path, method, body) {
    this.#problem.textContent = "";
    try {
      await ask(path, { method, body });
      this.dispatchEvent(new CustomEvent("changed"));
    } catch (error) {
      this.#problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}

customElements.define("lab-faults", LabFaults);
