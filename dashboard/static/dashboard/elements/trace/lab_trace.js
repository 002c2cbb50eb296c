import { build } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext } from "../../base/i18n.js";
import { coalesced, oneAtATime, whenIdle } from "../../base/scheduling.js";
import { ViewState } from "../../model/trace/view_state.js";
import { fetchEvidence } from "../../wire/evidence.js";
import { TraceLoader } from "../../wire/trace_loader.js";
import { hiddenRecords, progressOf, TraceBar } from "./trace_bar.js";
import { TraceExplanation } from "./trace_explanation.js";
import { TraceExports } from "./trace_exports.js";
import { readUrl, VIEWS, writeUrl } from "./trace_url.js";
import { TraceViews } from "./trace_views.js";

/**
 * @typedef {import("./trace_url.js").View} View
 * @typedef {import("./trace_url.js").Side} Side
 */

const REFRESH_MS = 120;
/** Characters of an id that tell it from others. */
const SHORT = 8;
const REVEALED_MS = 1600;

/**
 * Everything about one request: what its records prove, and views of them that share one axis of
 * time, one cursor and one selection. `trace-id` says which; `refresh()` loads what is new.
 * With the attribute `addressed`, the page's URL holds what is shown; with `without-logs` its log lines
 * stand where its owner puts them (`logs`). `view` is sent with the view that is shown.
 */
export class LabTrace extends HTMLElement {
  static observedAttributes = ["trace-id"];

  /** @type {View} */
  #view = "waterfall";
  /** @type {TraceLoader | null} */
  #loader = null;
  #state = new ViewState();
  #views = new TraceViews(this.#state);
  #shownViews = VIEWS.filter((each) => each !== "logs" || !this.hasAttribute("without-logs"));
  #bar = new TraceBar(
    this.#shownViews,
    (view) => this.#showView(view),
    (side) => this.#showSide(side),
  );
  #explanation = new TraceExplanation();
  #name = "";
  #none = gettext("Reading what is on record …");
  #hidden = build("div", { class: "row hidden-records" });
  #progress = build("p", { class: "quiet progress", role: "status" });
  #panel = build("div", { role: "tabpanel", class: "tabpanel", id: "trace-panel", tabindex: "0" });
  #whole = build("div", { class: "views" });
  #exports = new TraceExports();
  #loadSerially = oneAtATime(() => this.#loadOnce());

  /**
   * Loads what is new of the trace, soon, and once for many calls.
   * @type {() => void}
   */
  refresh = coalesced(() => this.#load(), REFRESH_MS);

  constructor() {
    super();
    this.#state.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.includes("offsets")) this.#load();
      if (names.includes("selected") || names.includes("zoom")) this.#updateUrl();
    });
  }

  /** @returns {void} */
  connectedCallback() {
    if (this.hasAttribute("addressed")) {
      const { view, side, span } = readUrl();
      this.#view = view;
      this.#views.side = side;
      this.#state.set({ selected: span });
      this.#explanation.add(this.#views.facts.element);
    } else this.#explanation.add(this.#views.facts.brief);
    this.addEventListener(
      "prove",
      (event) => this.prove(/** @type {CustomEvent} */ (event).detail),
    );
    this.#load();
  }

  /** @returns {void} */
  attributeChangedCallback() {
    if (!this.isConnected) return;
    this.#loader = null;
    this.#views.clear();
    this.#state.clear();
    this.#load();
  }

  /**
   * Shows a view.
   * @param {number} index which, from 0
   * @returns {void}
   */
  view(index) {
    const view = this.#shownViews[index];
    if (view) this.#showView(view);
  }

  /**
   * Goes to the field that finds spans.
   * @returns {void}
   */
  find() {
    this.#showView("waterfall");
    this.#bar.openMenu();
    this.#views.waterfall.toolbar.focusFinder();
  }

  /**
   * Moves the focus into the timeline, whose own keys go on from there.
   * @returns {void}
   */
  enter() {
    this.#showView("waterfall");
    const row = this.#views.waterfall.querySelector("[role=row][tabindex='0']");
    if (row instanceof HTMLElement) row.focus();
  }

  /**
   * Shows a trace, or why there is none.
   * @param {{traceId: string | null, name?: string, none?: string}} shown `name` is what its readers call it
   * @returns {void}
   */
  open({ traceId, name = "", none = "" }) {
    this.#name = name;
    this.#none = none;
    const before = this.getAttribute("trace-id");
    if (traceId && traceId !== before) this.setAttribute("trace-id", traceId);
    else if (!traceId && before) this.removeAttribute("trace-id");
    else if (!traceId) this.#show();
  }

  /** @returns {import("./lab_trace_logs.js").LabTraceLogs} the log lines of what is shown */
  get logs() {
    return this.#views.logs;
  }

  /** @returns {void} */
  #show() {
    if (!this.getAttribute("trace-id")) {
      this.replaceChildren(
        build("p", { class: "quiet none", role: "status" }, this.#none),
      );
      return;
    }
    this.#bar.show({ view: this.#view, side: this.#views.side });
    this.#showPanel();
    this.#panel.setAttribute("aria-label", this.#bar.titles[this.#view]);
    if (this.contains(this.#panel)) return;
    const { waterfall: { toolbar }, clocks } = this.#views;
    this.#bar.fill([toolbar.status], [toolbar.element, clocks.panel, this.#exports.element]);
    this.#whole.replaceChildren(
      this.#bar.element,
      this.#hidden,
      this.#progress,
      clocks,
      this.#panel,
    );
    this.replaceChildren(this.#explanation.element, this.#whole);
  }

  /**
   * Shows the chosen view; one that has to be loaded first, once it is there.
   * @returns {void}
   */
  #showPanel() {
    const view = this.#views[this.#view];
    if (view && this.#panel.firstElementChild !== view) this.#panel.replaceChildren(view);
    if (view) return;
    this.#views.load(this.#view).then(() => this.#showPanel(), (error) => {
      this.#progress.textContent = messageOf(error);
    });
  }

  /**
   * @param {View} view
   * @returns {void}
   */
  #showView(view) {
    this.#view = view;
    this.#show();
    this.#updateUrl();
    this.dispatchEvent(new CustomEvent("view", { detail: view }));
  }

  /**
   * Takes a side's place. What another perspective brings to light is marked for a moment.
   * @param {Side} side
   * @returns {Promise<void>}
   */
  async #showSide(side) {
    const revealing = side === "all" && this.#views.side !== "all";
    this.#views.side = side;
    this.#show();
    this.#updateUrl();
    await this.#load();
    if (!revealing) return;
    this.classList.add("revealed");
    setTimeout(() => this.classList.remove("revealed"), REVEALED_MS);
  }

  /** @returns {void} */
  #updateUrl() {
    if (!this.hasAttribute("addressed")) return;
    writeUrl({ view: this.#view, side: this.#views.side, span: this.#state.state.selected });
  }

  /** @returns {Promise<void>} */
  #load() {
    this.#show();
    // The loader goes on from where it is: two at once would load the same twice.
    return this.#loadSerially();
  }

  /** @returns {Promise<void>} */
  async #loadOnce() {
    const traceId = this.getAttribute("trace-id");
    if (!traceId || !this.isConnected) return;
    try {
      if (this.#loader?.traceId !== traceId) this.#loader = new TraceLoader(traceId);
      await this.#drawLoaded(this.#loader);
    } catch (error) {
      this.#progress.textContent = messageOf(error);
    }
  }

  /**
   * @param {TraceLoader} loader
   * @returns {Promise<void>}
   */
  async #drawLoaded(loader) {
    let drawn = loader.spans.size;
    for await (const _ of loader.load()) {
      if (this.#loader !== loader) return;
      // A large trace, or one that came with the page, is drawn at once and when it is whole.
      if (drawn === 0 && !loader.whole) this.#views.drawSpans(loader);
      drawn += 1;
      this.#progress.textContent = progressOf(loader.spans.size, loader.total);
    }
    const { selected } = this.#state.state;
    if (selected) this.#state.set({ selected: loader.keyNamed(selected) });
    this.#views.draw(loader);
    this.#exports.show(loader.traceId);
    const side = this.#views.side;
    const [evidence] = await Promise.all([
      fetchEvidence(loader.traceId, side, this.#state.state.offsets),
      this.#explanation.load(),
    ]);
    // Another trace or side that was chosen meanwhile is loaded next.
    if (this.#loader === loader && this.#views.side === side) {
      this.#showEvidence(evidence);
      this.#views.draw(loader);
    }
    this.dispatchEvent(new CustomEvent("shown"));
    whenIdle(() => this.#views.loadAll());
  }

  /**
   * @param {import("../../wire/evidence.js").Evidence} evidence
   * @returns {void}
   */
  #showEvidence(evidence) {
    this.#bar.offer(evidence);
    this.#bar.show({ view: this.#view, side: this.#views.side });
    this.#explanation.show(evidence.diagnosis);
    this.#views.showEvidence(evidence);
    this.#views.facts.name = this.#name || (this.getAttribute("trace-id") ?? "").slice(0, SHORT);
    this.#exports.prompt = evidence.prompt;
    const isWhole = this.#views.side === "all";
    this.#hidden.replaceChildren(
      ...(isWhole ? [] : hiddenRecords(evidence.hidden, () => this.#showSide("all"))),
    );
  }

  /**
   * Shows the record that a sentence rests on.
   * @param {{type: "span" | "log", id: string, service: string}} proof
   * @returns {void}
   */
  prove(proof) {
    if (proof.type === "span") this.#showView("waterfall");
    else if (this.#shownViews.includes("logs")) this.#showView("logs");
    if (proof.type === "span") {
      this.#state.set({ selected: "" });
      this.#state.set({ selected: this.#loader?.keyOf(proof.id, proof.service) ?? proof.id });
    } else this.#views.logs.select(proof.id);
  }
}

customElements.define("lab-trace", LabTrace);
