import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { now } from "../base/time.js";
import { Focus } from "../model/focus.js";
import { layout } from "../model/layout.js";
import { ask } from "../wire/api.js";
import { TraceLoader } from "../wire/trace_loader.js";
import { TraceAddress } from "./trace_address.js";
import "./lab_checklist.js";
import "./lab_clocks.js";
import "./lab_diagnosis.js";
import "./lab_messages.js";
import "./lab_trace_logs.js";
import "./lab_truths.js";
import "./lab_waterfall.js";

/** @typedef {import("./trace_address.js").View} View */
/** @typedef {import("./trace_address.js").Side} Side */

const SIDES = /** @type {const} */ (["all", "api", "worker"]);
const VIEWS = /** @type {const} */ (["waterfall", "messages", "truths", "logs", "checklist"]);
const REFRESH_MS = 120;
const REVEALED_MS = 1600;
const GROW_MS = 200;
const MOST_GROWING = 2_000;

/**
 * Everything about one request: what its records prove, and views of them that share one axis of
 * time, one cursor and one selection. `trace-id` says which; `refresh()` asks for what is new.
 * With the attribute `addressed`, the page's address holds what is shown.
 */
export class LabTrace extends HTMLElement {
  static observedAttributes = ["trace-id"];

  /** @type {View} */
  #view = "waterfall";
  /** @type {Side} */
  #side = "all";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  /** @type {TraceLoader | null} */
  #loader = null;
  #loading = false;
  #again = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #growing;
  /** @type {any} */
  #evidence = null;
  #prompt = "";
  #focus = new Focus();
  #address = new TraceAddress();
  #titles = {
    waterfall: gettext("Timeline"),
    messages: gettext("Messages"),
    truths: gettext("Two truths"),
    logs: gettext("Logs"),
    checklist: gettext("Evidence"),
  };
  #sides = { all: gettext("All"), api: gettext("API only"), worker: gettext("Worker only") };
  #diagnosis = /** @type {import("./lab_diagnosis.js").LabDiagnosis} */ (build("lab-diagnosis"));
  #clocks = /** @type {import("./lab_clocks.js").LabClocks} */ (build("lab-clocks"));
  #views = {
    waterfall: /** @type {import("./lab_waterfall.js").LabWaterfall} */ (build("lab-waterfall")),
    messages: /** @type {import("./lab_messages.js").LabMessages} */ (build("lab-messages")),
    truths: /** @type {import("./lab_truths.js").LabTruths} */ (build("lab-truths")),
    logs: /** @type {import("./lab_trace_logs.js").LabTraceLogs} */ (build("lab-trace-logs")),
    checklist: /** @type {import("./lab_checklist.js").LabChecklist} */ (build("lab-checklist")),
  };
  #hidden = build("div", { class: "row hidden-records" });
  #progress = build("p", { class: "quiet", role: "status" });
  #tabs = build("div", { role: "tablist", class: "row tabs", "aria-label": gettext("Views") });
  #sidesShown = build("div", {
    role: "group",
    class: "row sides",
    "aria-label": gettext("Whose records"),
  });
  #panel = build("div", { role: "tabpanel", class: "panel", id: "trace-panel" });
  #links = build("p", { class: "row quiet exports" });

  constructor() {
    super();
    for (const view of [this.#views.waterfall, this.#views.messages, this.#views.truths]) {
      view.share(this.#focus);
    }
    this.#views.logs.share(this.#focus);
    this.#clocks.share(this.#focus);
    this.#focus.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.includes("offsets")) this.#load();
      if (names.includes("selected") || names.includes("zoom")) this.#tell();
    });
  }

  /** @returns {void} */
  connectedCallback() {
    if (this.hasAttribute("addressed")) {
      const { view, side, span } = this.#address.read();
      this.#view = view;
      this.#side = side;
      this.#focus.set({ selected: span });
    }
    this.addEventListener("prove", (event) => {
      this.#prove(/** @type {CustomEvent} */ (event).detail);
    });
    this.#show();
    this.#load();
  }

  /** @returns {void} */
  attributeChangedCallback() {
    if (!this.isConnected) return;
    this.#side = "all";
    this.#loader = null;
    this.#evidence = null;
    this.#focus.clear();
    this.#load();
  }

  /**
   * Asks for what is new of the trace, soon, and once for many calls.
   * @returns {void}
   */
  refresh() {
    if (this.#due !== undefined) return;
    this.#due = setTimeout(() => {
      this.#due = undefined;
      this.#load();
    }, REFRESH_MS);
  }

  /**
   * Shows a view.
   * @param {number} index which, from 0
   * @returns {void}
   */
  view(index) {
    const view = VIEWS[index];
    if (view) this.#choose(view);
  }

  /**
   * Goes to the field that finds spans.
   * @returns {void}
   */
  find() {
    this.#choose("waterfall");
    this.#views.waterfall.find();
  }

  /** @returns {void} */
  #show() {
    if (!this.getAttribute("trace-id")) {
      this.replaceChildren(
        build("p", { class: "quiet" }, gettext("Choose an order to see what happened to it.")),
      );
      return;
    }
    this.#tabs.replaceChildren(...VIEWS.map((view) => this.#tab(view)));
    this.#sidesShown.replaceChildren(
      ...SIDES.map((side) =>
        button(this.#sides[side], () => this.#look(side), {
          "aria-pressed": String(side === this.#side),
        })
      ),
    );
    if (this.#panel.firstElementChild !== this.#views[this.#view]) {
      this.#panel.replaceChildren(this.#views[this.#view]);
    }
    this.#panel.setAttribute("aria-label", this.#titles[this.#view]);
    if (!this.contains(this.#panel)) {
      this.replaceChildren(
        this.#diagnosis,
        build("div", { class: "bar" }, this.#tabs, this.#sidesShown),
        this.#hidden,
        this.#progress,
        this.#clocks,
        this.#panel,
        this.#links,
      );
    }
  }

  /**
   * @param {View} view
   * @returns {HTMLElement}
   */
  #tab(view) {
    const selected = view === this.#view;
    const tab = button(this.#titles[view], () => this.#choose(view), {
      role: "tab",
      "aria-selected": String(selected),
      "aria-controls": "trace-panel",
      tabindex: selected ? "0" : "-1",
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length];
      if (next) this.#choose(next);
      /** @type {HTMLElement | null} */ (this.#tabs.querySelector("[aria-selected=true]"))?.focus();
    });
    return tab;
  }

  /**
   * @param {View} view
   * @returns {void}
   */
  #choose(view) {
    this.#view = view;
    this.#show();
    this.#tell();
  }

  /**
   * Takes a side's place. What another perspective brings to light is marked for a moment.
   * @param {Side} side
   * @returns {Promise<void>}
   */
  async #look(side) {
    const revealing = side === "all" && this.#side !== "all";
    this.#side = side;
    this.#show();
    this.#tell();
    await this.#load();
    if (!revealing) return;
    this.classList.add("revealed");
    setTimeout(() => this.classList.remove("revealed"), REVEALED_MS);
  }

  /** @returns {void} */
  #tell() {
    if (!this.hasAttribute("addressed")) return;
    this.#address.write({
      view: this.#view,
      side: this.#side,
      span: this.#focus.state.selected,
    });
  }

  /** @returns {Promise<void>} */
  async #load() {
    const traceId = this.getAttribute("trace-id");
    this.#show();
    if (!traceId || !this.isConnected) return;
    if (this.#loading) {
      // The loader goes on from where it is: two at once would load the same twice.
      this.#again = true;
      return;
    }
    this.#loading = true;
    try {
      if (this.#loader?.traceId !== traceId) this.#loader = new TraceLoader(traceId);
      await this.#take(this.#loader);
    } catch (error) {
      this.#progress.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#loading = false;
    }
    if (this.#again) {
      this.#again = false;
      await this.#load();
    }
  }

  /**
   * @param {TraceLoader} loader
   * @returns {Promise<void>}
   */
  async #take(loader) {
    let drawn = loader.spans.size;
    for await (const _ of loader.load()) {
      if (this.#loader !== loader) return;
      const missing = loader.total - loader.spans.size;
      // A large trace is drawn with its first piece and once it is whole.
      if (drawn === 0 && missing > 0) this.#draw(loader, true);
      drawn += 1;
      this.#progress.textContent = missing > 0
        ? interpolate(gettext("%(loaded)s of %(total)s spans …"), {
          loaded: loader.spans.size,
          total: loader.total,
        })
        : "";
    }
    this.#draw(loader, false);
    this.#exports(loader.traceId);
    await this.#explain(loader);
    this.dispatchEvent(new CustomEvent("shown"));
  }

  /**
   * Asks what the records prove, which for a large trace takes longer than to draw it.
   * @param {TraceLoader} loader
   * @returns {Promise<void>}
   */
  async #explain(loader) {
    const clocks = Object.entries(this.#focus.state.offsets)
      .filter(([, offset]) => offset !== 0)
      .map(([service, offset]) => `&clock=${encodeURIComponent(`${service}:${offset}`)}`)
      .join("");
    const side = this.#side;
    const evidence = await ask(
      `/api/traces/${loader.traceId}/evidence?perspective=${side}${clocks}`,
    );
    // What has been asked since is answered later.
    if (this.#loader !== loader || this.#side !== side) return;
    this.#evidence = evidence;
    this.#diagnosis.show(evidence.diagnosis);
    this.#views.checklist.show(evidence.checklist);
    this.#prompt = evidence.prompt;
    this.#showHidden(evidence.hidden);
    this.#draw(loader, false);
  }

  /**
   * @param {TraceLoader} loader
   * @param {boolean} partly whether more is on its way
   * @returns {void}
   */
  #draw(loader, partly) {
    const laid = this.#layout(loader);
    this.#views.waterfall.show(loader.traceId, laid);
    this.#grow(loader);
    if (partly) return;
    this.#clocks.show(laid);
    this.#views.logs.show(laid.logs);
    this.#drawEvidence(laid, loader.base ?? 0n);
  }

  /**
   * @param {import("../model/layout.js").Layout} laid
   * @param {bigint} base
   * @returns {void}
   */
  #drawEvidence(laid, base) {
    if (!this.#evidence || this.#evidence.perspective !== this.#side) return;
    const { messages, windows, truths } = this.#evidence;
    this.#views.messages.show(laid, base, messages, windows);
    this.#views.truths.show(laid, base, truths.moments);
  }

  /**
   * @param {TraceLoader} loader
   * @returns {import("../model/layout.js").Layout}
   */
  #layout(loader) {
    const seen = (/** @type {{service: string}} */ record) =>
      this.#side === "all" || record.service === this.#side;
    const spans = [...loader.spans.values()].filter(seen);
    const running = loader.base !== null && spans.some((span) => span.state === "open");
    return layout(
      spans,
      loader.orderedLogs().filter(seen),
      this.#focus.state.offsets,
      running ? Number(now() - (loader.base ?? 0n)) : undefined,
    );
  }

  /**
   * As long as a span runs, its bar grows.
   * @param {TraceLoader} loader
   * @returns {void}
   */
  #grow(loader) {
    clearTimeout(this.#growing);
    const running = [...loader.spans.values()].some((span) => span.state === "open");
    if (!running || loader.spans.size > MOST_GROWING) return;
    this.#growing = setTimeout(() => {
      if (this.#loader !== loader || !this.isConnected) return;
      const laid = this.#layout(loader);
      this.#views.waterfall.show(loader.traceId, laid);
      this.#drawEvidence(laid, loader.base ?? 0n);
      this.#grow(loader);
    }, GROW_MS);
  }

  /**
   * @param {{spans: number, logs: number}} hidden
   * @returns {void}
   */
  #showHidden(hidden) {
    if (this.#side === "all") {
      this.#hidden.replaceChildren();
      return;
    }
    const said = gettext(
      "%(spans)s spans and %(logs)s log lines are hidden: this side cannot know of them.",
    );
    this.#hidden.replaceChildren(
      build("span", { class: "quiet", role: "status" }, interpolate(said, hidden)),
      button(gettext("Reveal"), () => this.#look("all"), { class: "primary" }),
    );
  }

  /**
   * @param {string} traceId
   * @returns {void}
   */
  #exports(traceId) {
    if (this.#links.dataset.trace === traceId) return;
    this.#links.dataset.trace = traceId;
    const copy = button(gettext("Copy as prompt"), async () => {
      await navigator.clipboard.writeText(this.#prompt);
      copy.textContent = gettext("Copied");
    });
    const download = (/** @type {string} */ format, /** @type {string} */ title) =>
      build("a", { href: `/api/traces/${traceId}?format=${format}`, download: "" }, title);
    this.#links.replaceChildren(
      copy,
      download("otlp", gettext("OTLP JSON")),
      download("jaeger", gettext("Jaeger JSON")),
      build("a", { href: `/traces/${traceId}` }, gettext("Page of this trace")),
      build("span", { class: "mono" }, traceId),
    );
  }

  /**
   * Shows the record that a sentence rests on.
   * @param {{type: "span" | "log", id: string}} proof
   * @returns {void}
   */
  #prove(proof) {
    this.#choose(proof.type === "span" ? "waterfall" : "logs");
    if (proof.type === "span") {
      this.#focus.set({ selected: "" });
      this.#focus.set({ selected: proof.id });
    } else this.#views.logs.select(proof.id);
  }
}

customElements.define("lab-trace", LabTrace);
