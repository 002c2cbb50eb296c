import { build } from "../../base/dom.js";
import { once } from "../../base/scheduling.js";
import { now } from "../../base/time.js";
import { computeLayout } from "../../model/trace/layout.js";
import { windowsOf } from "../../wire/revive.js";
import { TraceFacts } from "./trace_facts.js";
import "./lab_clocks.js";
import "./lab_trace_logs.js";
import "./waterfall/lab_waterfall.js";

/**
 * @typedef {import("../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../wire/trace_loader.js").TraceLoader} TraceLoader
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
  };
  /** @type {import("./trace_url.js").Side} whose records are drawn */
  side = "all";
  /** @type {import("../../wire/evidence.js").Evidence | null} */
  #evidence = null;
  /** @type {{layout: Layout, loader: TraceLoader} | null} what was drawn last */
  #drawn = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #growing;
  #state;

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
   * Loads all views, so that each is there by the time that somebody asks for it.
   * @returns {Promise<unknown>}
   */
  loadAll() {
    const loads = [
      ...Object.values(this.#later),
      this.waterfall.loadDetails,
      this.logs.loadParts,
    ];
    return Promise.allSettled(loads.map((load) => load()));
  }

  /**
   * Forgets the trace: another one comes.
   * @returns {void}
   */
  clear() {
    this.side = "all";
    this.#evidence = null;
    this.#drawn = null;
    clearTimeout(this.#growing);
  }

  /**
   * @param {TraceLoader} loader
   * @returns {void}
   */
  draw(loader) {
    const layout = this.drawSpans(loader);
    this.clocks.show(layout);
    this.logs.show(layout);
    this.#drawEvidence(layout, loader);
  }

  /**
   * Draws the spans alone; as long as one of them runs, its bar grows.
   * @param {TraceLoader} loader
   * @returns {Layout}
   */
  drawSpans(loader) {
    const layout = this.#layOut(loader);
    const known = this.#known(layout, loader);
    this.waterfall.show(loader.traceId, layout, known, loader.base);
    this.facts.show(
      layout,
      loader.base,
      known.whole ? known.lanes : [],
      this.#evidence !== null,
    );
    clearTimeout(this.#growing);
    const running = [...loader.spans.values()].some((span) => span.state === "open");
    if (running && loader.spans.size <= MOST_GROWING) {
      this.#growing = setTimeout(() => {
        if (this.clocks.isConnected) this.#drawEvidence(this.drawSpans(loader), loader);
      }, GROW_MS);
    }
    return layout;
  }

  /**
   * @param {import("../../wire/evidence.js").Evidence} evidence
   * @returns {void}
   */
  showEvidence(evidence) {
    this.#evidence = evidence;
    this.checklist?.show(evidence.checklist);
  }

  /**
   * @param {TraceLoader} loader
   * @returns {Layout}
   */
  #layOut(loader) {
    const seen = (/** @type {{service: string}} */ record) =>
      this.side === "all" || record.service === this.side;
    const spans = [...loader.spans.values()].filter(seen);
    const running = loader.base !== null && spans.some((span) => span.state === "open");
    return computeLayout(
      spans,
      loader.orderedLogs().filter(seen),
      this.#state.state.offsets,
      running ? Number(now() - (loader.base ?? 0n)) : undefined,
    );
  }

  /**
   * What the evidence knows of the side that is shown; nothing before it has come.
   * @param {Layout} layout
   * @param {TraceLoader} loader
   * @returns {import("../../model/trace/messages/message.js").Known}
   */
  #known(layout, loader) {
    const evidence = this.#evidence?.perspective === this.side ? this.#evidence : null;
    return {
      messages: evidence?.messages ?? [],
      lanes: evidence?.lanes ?? [],
      windows: windowsOf(evidence?.windows ?? [], loader.base ?? 0n, layout.last),
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
    const known = this.#known(layout, loader);
    this.messages?.show(layout, loader.base ?? 0n, known);
    this.truths?.show(layout, loader.base ?? 0n, truths, known);
  }

  /**
   * Draws for a view that has just been loaded what the others have drawn.
   * @returns {void}
   */
  #drawAgain() {
    if (this.#evidence) this.showEvidence(this.#evidence);
    if (this.#drawn) this.#drawEvidence(this.#drawn.layout, this.#drawn.loader);
  }
}
