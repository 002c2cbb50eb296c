import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext } from "../../base/i18n.js";
import { coalesced, oneAtATime, whenIdle } from "../../base/scheduling.js";
import { ViewState } from "../../model/trace/view_state.js";
import { TraceLoader } from "../../wire/trace_loader.js";
import { hiddenRecords, progressOf, TraceBar } from "./trace_bar.js";
import { TraceExplanation } from "./trace_explanation.js";
import { TraceMoment } from "./replay/trace_moment.js";
import { TraceExports } from "./trace_exports.js";
import { TracePanel } from "./trace_panel.js";
import { OF_PAGE, readUrl, VIEWS, writeMoment, writeUrl } from "./trace_url.js";
import { TraceViews } from "./trace_views.js";

/** @typedef {import("./trace_url.js").View} View */

const REFRESH_MS = 120;
/** Characters of an id that tell it from others. */
const SHORT = 8;
const REVEALED_MS = 1600;
const ADDRESS_MS = 300;
const LATER_IN_ADDRESS = ["at", "found", "matchesOnly"];

/**
 * Everything about one request: what its records prove, and views of them that share one axis of
 * time, one cursor and one selection. `trace-id` says which; `refresh()` loads what is new.
 * The page's URL holds the moment, with the attribute `addressed` all that is shown; with `without-logs` its log lines
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
  #moment = new TraceMoment(this.#state, this.#views, {
    evidence: (evidence, ofEnd) => this.#showEvidence(evidence, ofEnd),
    moment: () => this.#explanation.element.classList.add("awaited"),
    drawn: (moment) => this.dispatchEvent(new CustomEvent("moment", { detail: moment })),
    error: (error) => this.#progress.textContent = messageOf(error),
  });
  #shownViews = VIEWS.filter((each) =>
    !this.hasAttribute("without-logs") || !OF_PAGE.includes(each)
  );
  #bar = new TraceBar(
    this.#shownViews,
    (view) => this.#showView(view),
    (side) => this.#showSide(side),
  );
  #explanation = new TraceExplanation();
  #isReady = false;
  #name = "";
  #none = gettext("Reading what is on record …");
  #hidden = build("div", { class: "row hidden-records" });
  #progress = build("p", { class: "quiet progress", role: "status" });
  #panel = new TracePanel(this.#views);
  #whole = build("div", { class: "views" });
  #exports = new TraceExports();
  #loadSerially = oneAtATime(() => this.#loadOnce());
  #updateUrlSoon = coalesced(() => this.#updateUrl(), ADDRESS_MS);

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
      if (LATER_IN_ADDRESS.some((each) => names.includes(each))) this.#updateUrlSoon();
    });
  }

  /** @returns {void} */
  connectedCallback() {
    this.#isReady = true;
    const { view, side, span, find, at } = readUrl();
    this.#moment.addressed = at;
    if (this.hasAttribute("addressed")) {
      this.#view = view;
      this.#views.side = side;
      this.#state.set({ selected: span });
      if (find) this.#views.waterfall.find?.open(find);
      this.#explanation.add(this.#views.facts.element);
    } else this.#explanation.add(this.#views.facts.brief);
    const detail = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail;
    this.addEventListener("find", (event) => this.find(detail(event)));
    this.addEventListener("prove", (event) => this.prove(detail(event)));
    this.#load();
  }

  /** @returns {void} */
  attributeChangedCallback() {
    // The one that it has from the beginning is loaded once it is connected.
    if (!this.#isReady) return;
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
   * @param {string} [query] shows the spans that it finds alone
   * @returns {void}
   */
  find(query) {
    this.#showView("waterfall");
    this.#views.waterfall.find?.open(query);
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

  /** @returns {import("./replay/replay.js").Replay} what moves the moment that is shown */
  get replay() {
    return this.#moment.replay;
  }

  /** @returns {import("./lab_trace_logs.js").LabTraceLogs} the log lines of what is shown */
  get logs() {
    return this.#views.logs;
  }

  /** @returns {void} */
  #show() {
    if (!this.getAttribute("trace-id")) {
      this.replaceChildren(build("p", { class: "quiet none", role: "status" }, this.#none));
      return;
    }
    this.#bar.show({ view: this.#view, side: this.#views.side });
    this.#panel.show(this.#view, this.#bar.titles[this.#view]).catch((error) => {
      this.#progress.textContent = messageOf(error);
    });
    if (this.contains(this.#panel.element)) return;
    const { waterfall: { toolbar, find }, clocks } = this.#views;
    const opener = button(gettext("Find a span"), () => this.find(), { "data-closes": "" });
    const inMenu = [opener, toolbar.element, clocks.panel, this.#exports.element];
    this.#bar.fill([toolbar.status, this.replay.opener], inMenu);
    this.#whole.replaceChildren(
      this.#bar.element,
      this.replay.element,
      ...(find ? [find.element] : []),
      this.#hidden,
      this.#progress,
      clocks,
      this.#panel.element,
    );
    this.replaceChildren(this.#explanation.element, this.#whole);
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
   * @param {import("./trace_url.js").Side} side
   * @returns {Promise<void>}
   */
  async #showSide(side) {
    const revealing = side === "all" && this.#views.side !== "all";
    this.#views.side = side;
    this.#show();
    this.#updateUrlSoon();
    // What has come is shown at once; what it proves, and what is new, a little later.
    if (this.#loader?.whole) this.#views.draw(this.#loader);
    await this.#load();
    if (!revealing) return;
    this.classList.add("revealed");
    setTimeout(() => this.classList.remove("revealed"), REVEALED_MS);
  }

  /** @returns {void} */
  #updateUrl() {
    if (!this.hasAttribute("addressed")) return writeMoment(this.#moment.unixNano);
    const { selected: span, found, matchesOnly } = this.#state.state;
    const find = (matchesOnly && found?.query) || "";
    writeUrl({ view: this.#view, side: this.#views.side, span, find, at: this.#moment.unixNano });
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

  /** @param {TraceLoader} loader @returns {Promise<void>} */
  async #drawLoaded(loader) {
    let drawn = loader.spans.count;
    for await (const _ of loader.load()) {
      if (this.#loader !== loader) return;
      // A large trace, or one that came with the page, is drawn at once and when it is whole.
      if (drawn === 0 && !loader.whole) this.#views.drawSpans(loader);
      drawn += 1;
      this.#progress.textContent = progressOf(loader.spans.count, loader.total);
    }
    const { selected } = this.#state.state;
    if (selected) this.#state.set({ selected: loader.keyNamed(selected) });
    this.#exports.show(loader.traceId);
    await Promise.all([this.#moment.show(loader), this.#explanation.load()]);
    this.dispatchEvent(new CustomEvent("shown"));
    whenIdle(() => this.#views.loadAll(this.#shownViews));
  }

  /**
   * @param {import("../../wire/evidence.js").Evidence} evidence of the moment that is shown
   * @param {import("../../wire/evidence.js").Evidence} ofEnd
   * @returns {Promise<void>}
   */
  async #showEvidence(evidence, ofEnd) {
    await this.#explanation.load();
    const { classList } = this.#explanation.element;
    classList.toggle("earlier", evidence.atUnixNano !== null);
    classList.remove("awaited");
    this.#bar.offer(evidence);
    this.#bar.show({ view: this.#view, side: this.#views.side });
    this.#explanation.show(evidence.diagnosis);
    this.#views.showEvidence(evidence, ofEnd);
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
      this.#state.selectAnew(this.#loader?.keyOf(proof.id, proof.service) ?? proof.id);
    } else this.#views.logs.select(proof.id);
  }
}

customElements.define("lab-trace", LabTrace);
