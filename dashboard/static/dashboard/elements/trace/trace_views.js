import { build } from "../../base/dom.js";
import { once } from "../../base/scheduling.js";
import { anyRuns } from "../../model/trace/columns/span_data.js";
import { computeLayout } from "../../model/trace/layout.js";
import { layoutAt, messagesAt, momentsOf, windowsAt } from "../../model/trace/past/replay.js";
import { windowsOf } from "../../wire/revive.js";
import { TraceFacts } from "./trace_facts.js";
import { TraceSides } from "./trace_sides.js";
import "./lab_clocks.js";
import "./lab_trace_logs.js";
import "./waterfall/lab_waterfall.js";

/**
 * @typedef {import("../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../wire/trace_loader.js").TraceLoader} TraceLoader
 * @typedef {import("../../model/trace/messages/message.js").Known} Known
 */

const GROW_MS = 200;
const MOST_GROWING = 2_000;

/**
 * The views of one trace, and what they draw: its records by one layout, and its evidence. Those of
 * the evidence are null until they are loaded: nobody sees them at first.
 */
export class TraceViews {
  facts = new TraceFacts();
  clocks = /** @type {import("./lab_clocks.js").LabClocks} */ (build("lab-clocks"));
  waterfall =
    /** @type {import("./waterfall/lab_waterfall.js").LabWaterfall} */ (build("lab-waterfall"));
  logs = /** @type {import("./lab_trace_logs.js").LabTraceLogs} */ (build("lab-trace-logs"));
  /** @type {import("./evidence/lab_messages.js").LabMessages | null} */
  messages = null;
  /** @type {import("./evidence/lab_truths.js").LabTruths | null} */
  truths = null;
  /** @type {import("./evidence/lab_checklist.js").LabChecklist | null} */
  checklist = null;
  /** @type {import("./sums/lab_flame.js").LabFlame | null} */
  flame = null;
  /** @type {import("./sums/lab_spans.js").LabSpans | null} */
  spans = null;
  /** @type {import("./sums/lab_statistics.js").LabStatistics | null} */
  statistics = null;
  /** @type {Partial<Record<import("./trace_url.js").View, () => Promise<void>>>} */
  #later = {
    messages: once(async () => {
      const { LabMessages } = await import("./evidence/lab_messages.js");
      this.messages = new LabMessages();
      this.messages.bind(this.#state);
      this.#drawAgain();
    }),
    truths: once(async () => {
      const { LabTruths } = await import("./evidence/lab_truths.js");
      this.truths = new LabTruths();
      this.truths.bind(this.#state);
      this.#drawAgain();
    }),
    checklist: once(async () => {
      const { LabChecklist } = await import("./evidence/lab_checklist.js");
      this.checklist = new LabChecklist();
      this.#drawAgain();
    }),
    flame: once(async () => {
      const { LabFlame } = await import("./sums/lab_flame.js");
      this.flame = new LabFlame();
      this.#drawAgain();
    }),
    spans: once(async () => {
      const { LabSpans } = await import("./sums/lab_spans.js");
      this.spans = new LabSpans();
      this.#drawAgain();
    }),
    statistics: once(async () => {
      const { LabStatistics } = await import("./sums/lab_statistics.js");
      this.statistics = new LabStatistics();
      this.#drawAgain();
    }),
  };
  /** @type {import("./trace_url.js").Side} whose records are drawn */
  side = "all";
  /** @type {import("../../wire/evidence.js").Evidence | null} of the moment that is shown */
  #evidence = null;
  /** @type {import("../../wire/evidence.js").Evidence | null} of the end */
  #evidenceOfEnd = null;
  #sides = new TraceSides();
  /** @type {import("./trace_sides.js").Side | null} the one that is shown */
  #side = null;
  /** @type {Layout | null} of the moment that is shown */
  #layout = null;
  /** The whole trace, whichever moment of it is shown. */
  whole = computeLayout([], []);
  /** @type {{layout: Layout, loader: TraceLoader} | null} what was drawn last */
  #drawn = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #growing;
  #state;
  #traceId = "";

  /** @param {import("../../model/trace/view_state.js").ViewState} state that they share */
  constructor(state) {
    this.#state = state;
    for (const view of [this.waterfall, this.logs, this.clocks]) view.bind(state);
  }

  /**
   * Loads a view that is null until then.
   * @param {import("./trace_url.js").View} view
   * @returns {Promise<void>}
   */
  async load(view) {
    await this.#later[view]?.();
  }

  /**
   * Loads the views that are offered, so that each is there by the time that somebody asks for it.
   * @param {readonly import("./trace_url.js").View[]} offered
   * @returns {Promise<unknown>}
   */
  loadAll(offered) {
    const parts = [this.waterfall.loadDetails(), this.logs.loadParts()];
    return Promise.allSettled([...parts, ...offered.map((view) => this.load(view))]);
  }

  /** Forgets the trace: another one comes. @returns {void} */
  clear() {
    this.side = "all";
    this.#evidence = this.#evidenceOfEnd = null;
    this.#drawn = this.#layout = null;
    clearTimeout(this.#growing);
  }

  /**
   * @param {TraceLoader} loader
   * @returns {void}
   */
  draw(loader) {
    this.#layOut(loader);
    this.drawMoment(loader);
  }

  /**
   * Draws the moment that is shown now, of records that have not changed.
   * @param {TraceLoader} loader
   * @returns {void}
   */
  drawMoment(loader) {
    const layout = this.#drawSpansAt(loader);
    this.clocks.show(layout);
    this.logs.show(layout);
    this.#drawEvidence(layout, loader);
  }

  /**
   * Whenever something happens in the trace, faults included.
   * @param {TraceLoader} loader
   * @returns {number[]}
   */
  moments(loader) {
    return momentsOf(this.whole, this.#knownOf(loader, this.#evidenceOfEnd, null).windows);
  }

  /**
   * What is drawn beside the records at the moment that is shown.
   * @param {TraceLoader} loader
   * @returns {Known}
   */
  known(loader) {
    return this.#knownOf(loader, this.#evidence);
  }

  /**
   * Draws the spans alone; as long as one of them runs, its bar grows.
   * @param {TraceLoader} loader
   * @returns {Layout}
   */
  drawSpans(loader) {
    this.#layOut(loader);
    return this.#drawSpansAt(loader);
  }

  /**
   * @param {import("../../wire/evidence.js").Evidence} evidence of the moment that is shown
   * @param {import("../../wire/evidence.js").Evidence} ofEnd
   * @returns {void}
   */
  showEvidence(evidence, ofEnd) {
    this.#evidence = evidence;
    this.#evidenceOfEnd = ofEnd;
    this.checklist?.show(evidence.checklist);
  }

  /**
   * @param {TraceLoader} loader
   * @returns {Layout}
   */
  #drawSpansAt(loader) {
    const { at, offsets } = this.#state.state;
    const side = this.#side;
    const layout = at === null || !side
      ? this.whole
      : layoutAt(this.whole, side.spans, side.logs, at, offsets);
    this.#layout = layout;
    this.#drawSums();
    const known = this.known(loader);
    this.waterfall.show(loader.traceId, layout, known, loader.base);
    this.facts.show(
      layout,
      loader.base,
      known.whole ? known.lanes : [],
      this.#evidence !== null,
    );
    clearTimeout(this.#growing);
    if (at === null && side && loader.spans.count <= MOST_GROWING && anyRuns(side.spans)) {
      this.#growing = setTimeout(() => {
        if (this.clocks.isConnected) this.#drawEvidence(this.drawSpans(loader), loader);
      }, GROW_MS);
    }
    return layout;
  }

  /** Draws what sums the records up, each once it is looked at. @returns {void} */
  #drawSums() {
    for (const each of [this.flame, this.spans, this.statistics]) {
      if (this.#layout) each?.show(this.#layout);
    }
  }

  /**
   * Lays the trace out from the side that is shown.
   * @param {TraceLoader} loader
   * @returns {void}
   */
  #layOut(loader) {
    // What was chosen of the trace before, which stayed in sight until now, is nothing of this one.
    if (this.#traceId && this.#traceId !== loader.traceId) this.#state.clear();
    this.#traceId = loader.traceId;
    this.#side = this.#sides.of(loader, this.side, this.#state.state.offsets);
    this.whole = this.#side.layout;
  }

  /**
   * What the evidence knows of the side that is shown; nothing before it has come. Of evidence of
   * another moment, nothing later than the one that is shown.
   * @param {TraceLoader} loader
   * @param {import("../../wire/evidence.js").Evidence | null} given
   * @param {number | null} [at]
   * @returns {Known}
   */
  #knownOf(loader, given, at = this.#state.state.at) {
    const evidence = given?.perspective === this.side ? given : null;
    const base = loader.base ?? 0n;
    const messages = evidence?.messages ?? [];
    const windows = windowsOf(evidence?.windows ?? [], base, this.whole.last);
    return {
      messages: at === null ? messages : messagesAt(messages, base + BigInt(Math.round(at))),
      lanes: evidence?.lanes ?? [],
      windows: at === null ? windows : windowsAt(windows, at),
      isOrder: evidence?.of === "order",
      whole: this.side === "all",
    };
  }

  /**
   * @param {Layout} layout
   * @param {TraceLoader} loader
   * @returns {void}
   */
  #drawEvidence(layout, loader) {
    if (this.#evidence?.perspective !== this.side) return;
    this.#drawn = { layout, loader };
    const { truths } = this.#evidence;
    const known = this.known(loader);
    const base = loader.base ?? 0n;
    const end = { layout: this.whole, known: this.#knownOf(loader, this.#evidenceOfEnd, null) };
    this.messages?.show(layout, base, known, end);
    this.truths?.show(layout, base, truths, known);
  }

  /** Draws for a view that has just been loaded what the others have drawn. @returns {void} */
  #drawAgain() {
    this.#drawSums();
    if (this.#evidence) this.checklist?.show(this.#evidence.checklist);
    if (this.#drawn) this.#drawEvidence(this.#drawn.layout, this.#drawn.loader);
  }
}
