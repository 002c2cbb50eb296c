import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { timeLeft } from "../../model/countdown.js";
import { label } from "../../model/map.js";
import { linksOf } from "../../model/system.js";
import { fetchJson } from "../../wire/api.js";
import { FaultFilter } from "./fault_filter.js";
import { faultRow, kindRow } from "./fault_row.js";
import { notOurs } from "./not_ours.js";

/**
 * @typedef {import("../../model/map.js").Fault} Fault
 * @typedef {import("./fault_row.js").Kind} Kind
 */

const ROWS = "button.apply, button.danger, button.link";
const TTL_SECONDS = [30, 60, 300, 1800];

/**
 * The menu of a place that can be broken: what is in force there, the common faults by one click,
 * the others below. Without a target it lists all that is in force. It is docked where the page puts
 * it; `changed` is sent after a fault was applied or healed, `opened` with the target, or "".
 */
export class LabFaultMenu extends HTMLElement {
  /** @type {Kind[]} */
  #kinds = [];
  /** @type {Fault[]} */
  #faults = [];
  /** @type {Map<string, string>} */
  #titles = new Map();
  /** @type {import("../../model/system.js").System} */
  #system = { services: [], links: [] };
  #target = "";
  /** @type {string | null} what it was open for when the pointer was pressed */
  #openAtPress = null;
  #notePress = () => {
    this.#openAtPress = this.matches(":popover-open") ? this.#target : null;
  };
  #since = performance.now();
  #title = build("h2", { id: "fault-menu-title" });
  #active = build("div", { class: "active" });
  #common = build("div");
  #rare = build("div");
  #more = /** @type {HTMLDetailsElement} */ (build("details", {}));
  #ttl = /** @type {HTMLSelectElement} */ (build("select", { name: "ttl" }));
  #byDefault = build("option", { value: "" });
  #level = /** @type {HTMLSelectElement} */ (build("select", { name: "level" }));
  #settings = build("div", { class: "settings" });
  #filter = new FaultFilter();
  #problem = build("p", { class: "problem", role: "alert" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @returns {void} */
  connectedCallback() {
    this.popover = "auto";
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-labelledby", this.#title.id);
    const close = button("", () => this.hidePopover(), {
      class: "bare",
      "aria-label": gettext("Close"),
    });
    close.append(icon("close"));
    this.#ttl.replaceChildren(
      this.#byDefault,
      ...TTL_SECONDS.map((each) => build("option", { value: String(each) }, timeLeft(each))),
    );
    this.#settings.replaceChildren(
      build("label", {}, gettext("Auto-heal after"), this.#ttl),
      build("label", {}, gettext("Applied at"), this.#level),
    );
    this.replaceChildren(
      build("header", {}, this.#title, close),
      this.#settings,
      this.#filter.element,
      this.#problem,
      this.#active,
      this.#common,
      this.#more,
    );
    this.addEventListener("toggle", (event) => {
      const opened = /** @type {ToggleEvent} */ (event).newState === "open";
      this.dispatchEvent(new CustomEvent("opened", { detail: opened ? this.#target : "" }));
    });
    this.#level.addEventListener("change", () => this.#showDefault());
    this.addEventListener("keydown", (event) => this.#key(event));
    this.#ticking = setInterval(() => this.#tick(), 1000);
    document.addEventListener("pointerdown", this.#notePress, { capture: true });
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#ticking);
    document.removeEventListener("pointerdown", this.#notePress, { capture: true });
  }

  /**
   * @param {import("../../model/system.js").System} system
   * @param {Map<string, string>} titles of the targets
   * @returns {void}
   */
  know(system, titles) {
    this.#system = system;
    this.#titles = titles;
  }

  /**
   * @param {Fault[]} faults in force
   * @param {Kind[]} kinds that there are
   * @returns {void}
   */
  show(faults, kinds) {
    const first = !this.#kinds.length;
    this.#faults = faults;
    this.#kinds = kinds;
    this.#since = performance.now();
    if (!this.matches(":popover-open")) return;
    // It may have been opened before it was known what there is.
    if (first) this.#draw();
    else this.#drawActive();
  }

  /**
   * Opens for a target, or closes when the press that asks for it has just closed it.
   * @param {string} target empty for all faults in force
   * @returns {void}
   */
  open(target) {
    const justClosed = this.#openAtPress === target;
    this.#openAtPress = null;
    if (justClosed || this.matches(":popover-open")) this.hidePopover();
    if (justClosed) return;
    this.#target = target;
    this.#problem.textContent = "";
    this.#draw();
    this.showPopover();
    /** @type {HTMLElement | null} */ (this.querySelector(ROWS))?.focus();
  }

  /** @returns {void} */
  #draw() {
    const kinds = this.#kinds.filter((kind) => kind.target === this.#target);
    const levels = [...new Set(kinds.flatMap((kind) => kind.levels))];
    this.#level.replaceChildren(...levels.map((each) => build("option", {}, each)));
    this.#showDefault();
    const isOurs = !this.#target || !this.#kinds.length || kinds.length > 0;
    this.#settings.hidden = !this.#target || !isOurs;
    this.#filter.show(kinds.flatMap((kind) => kind.selection));
    this.classList.toggle("all", !this.#target);
    /** @type {HTMLElement} */ (this.#level.parentElement).hidden = levels.length < 2;
    const common = kinds.filter((kind) => kind.common);
    const rare = kinds.filter((kind) => !kind.common);
    const apply = (/** @type {Kind} */ kind) => (/** @type {Record<string, unknown>} */ fault) =>
      this.#apply(kind, fault);
    this.#common.replaceChildren(
      ...common.map((kind, at) => kindRow(kind, String(at + 1), apply(kind))),
      ...(isOurs ? [] : [this.#notOurs()]),
    );
    this.#rare.replaceChildren(...rare.map((kind) => kindRow(kind, "", apply(kind))));
    this.#more.hidden = !rare.length;
    this.#more.open = false;
    this.#more.replaceChildren(
      build(
        "summary",
        {},
        icon("down"),
        build("span", {}, ngettext("%s more", "%s more", rare.length)),
        build("span", { class: "quiet" }, rare.map((kind) => kind.title).join(", ")),
      ),
      this.#rare,
    );
    this.#drawActive();
  }

  /** @returns {HTMLElement} */
  #notOurs() {
    const titled = (/** @type {string} */ name) => this.#titles.get(name) ?? name;
    const links = linksOf(this.#system, this.#target);
    return notOurs(
      titled(this.#target),
      links.map((name) => [name, titled(name)]),
      (link) => this.open(link),
    );
  }

  /** @returns {void} */
  #showDefault() {
    const level = this.#level.value;
    const seconds = this.#kinds.find((kind) =>
      kind.target === this.#target && kind.levels.includes(level)
    )?.defaultTtlSeconds[level];
    this.#byDefault.textContent = seconds ? timeLeft(seconds) : gettext("never");
  }

  /** @returns {void} */
  #drawActive() {
    const here = this.#faults.filter((fault) => !this.#target || fault.target === this.#target);
    const place = this.#titles.get(this.#target);
    this.#title.textContent = place ??
      ngettext("%s active fault", "%s active faults", this.#faults.length);
    const places = [...new Set(here.map((fault) => fault.target))];
    this.#active.replaceChildren(...places.flatMap((target) => {
      const faults = here.filter((fault) => fault.target === target);
      const rows = faults.map((fault) => this.#row(fault));
      const title = this.#titles.get(target) ?? target;
      const count = build("span", { class: "quiet" }, String(faults.length));
      return this.#target ? rows : [build("h3", {}, title, count), ...rows];
    }));
    for (const row of this.querySelectorAll("[data-kind]")) {
      const kind = row.getAttribute("data-kind");
      /** @type {HTMLElement} */ (row).hidden = here.some((fault) => fault.kind === kind);
    }
    this.#tick();
  }

  /**
   * @param {Fault} fault
   * @returns {HTMLElement}
   */
  #row(fault) {
    const kind = this.#kinds.find((each) =>
      each.target === fault.target && each.kind === fault.kind
    );
    const text = label(fault, kind?.title ?? fault.kind);
    return faultRow(fault, text, (each) => this.heal(each));
  }

  /**
   * @param {Kind} kind
   * @param {Record<string, unknown>} fault
   * @returns {Promise<void>}
   */
  #apply(kind, fault) {
    const ttl = Number(this.#ttl.value);
    return this.#send("/api/faults", "POST", {
      ...fault,
      ...this.#filter.values,
      ...(ttl && { ttlSeconds: ttl }),
      ...(kind.levels.includes(this.#level.value) && { level: this.#level.value }),
    });
  }

  /**
   * @param {Fault} fault
   * @returns {Promise<void>}
   */
  heal(fault) {
    return this.#send(`/api/faults/${fault.id}`, "DELETE");
  }

  /**
   * @param {string} path
   * @param {string} method
   * @param {unknown} [body]
   * @returns {Promise<void>}
   */
  async #send(path, method, body) {
    this.#problem.textContent = "";
    try {
      await fetchJson(path, { method, body });
      this.dispatchEvent(new CustomEvent("changed"));
    } catch (error) {
      this.#problem.textContent = messageOf(error);
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...this.querySelectorAll(`${ROWS}, summary`)];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const byKey = this.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (step) {
      const next = rows.at((rows.indexOf(target) + step) % rows.length);
      /** @type {HTMLElement | undefined} */ (next)?.focus();
    } else if (byKey) /** @type {HTMLElement} */ (byKey).click();
    else return;
    event.preventDefault();
  }

  /** @returns {void} */
  #tick() {
    const passed = (performance.now() - this.#since) / 1000;
    for (const { id, remainingSeconds } of this.#faults) {
      const time = this.#active.querySelector(`[data-fault="${id}"] .time`);
      if (time && remainingSeconds !== null) time.textContent = timeLeft(remainingSeconds - passed);
    }
  }
}

customElements.define("lab-fault-menu", LabFaultMenu);
