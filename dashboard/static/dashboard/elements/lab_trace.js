import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { ask } from "../wire/api.js";
import "./lab_diagnosis.js";
import "./lab_messages.js";
import "./lab_truths.js";
import "./lab_waterfall.js";
import "./lab_trace_logs.js";
import "./lab_checklist.js";

const PERSPECTIVES = /** @type {const} */ (["all", "api", "worker"]);
const VIEWS = /** @type {const} */ (["waterfall", "messages", "truths", "logs", "checklist"]);
const REFRESH_MS = 120;

/** @typedef {typeof VIEWS[number]} View */

/**
 * Everything about one request: what its records prove, and four views of them.
 * `trace-id` says which; `refresh()` asks again when more has come.
 */
export class LabTrace extends HTMLElement {
  static observedAttributes = ["trace-id"];

  /** @type {View} */
  #view = "waterfall";
  /** @type {typeof PERSPECTIVES[number]} */
  #perspective = "all";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #asked = 0;
  #titles = {
    waterfall: gettext("Timeline"),
    messages: gettext("Messages"),
    truths: gettext("Two truths"),
    logs: gettext("Logs"),
    checklist: gettext("Evidence"),
  };
  #sides = { all: gettext("All"), api: gettext("API only"), worker: gettext("Worker only") };
  #diagnosis = /** @type {import("./lab_diagnosis.js").LabDiagnosis} */ (build("lab-diagnosis"));
  #views = {
    waterfall: /** @type {import("./lab_waterfall.js").LabWaterfall} */ (build("lab-waterfall")),
    messages: /** @type {import("./lab_messages.js").LabMessages} */ (build("lab-messages")),
    truths: /** @type {import("./lab_truths.js").LabTruths} */ (build("lab-truths")),
    logs: /** @type {import("./lab_trace_logs.js").LabTraceLogs} */ (build("lab-trace-logs")),
    checklist: /** @type {import("./lab_checklist.js").LabChecklist} */ (build("lab-checklist")),
  };
  #hidden = build("p", { class: "quiet", role: "status" });
  #tabs = build("div", { role: "tablist", class: "row tabs", "aria-label": gettext("Views") });
  #sidesShown = build("div", {
    role: "group",
    class: "row sides",
    "aria-label": gettext("Whose records"),
  });
  #panel = build("div", { role: "tabpanel", class: "panel", id: "trace-panel" });
  #links = build("p", { class: "row quiet exports" });
  #prompt = "";

  /** @returns {void} */
  connectedCallback() {
    this.#show();
    this.addEventListener("prove", (event) => {
      this.#select(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /** @returns {void} */
  attributeChangedCallback() {
    this.#perspective = "all";
    if (this.isConnected) this.#load();
  }

  /**
   * Asks for the trace again, soon, and once for many calls.
   * @returns {void}
   */
  refresh() {
    if (this.#due !== undefined) return;
    this.#due = setTimeout(() => {
      this.#due = undefined;
      this.#load();
    }, REFRESH_MS);
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
      ...PERSPECTIVES.map((side) =>
        button(this.#sides[side], () => {
          this.#perspective = side;
          this.#load();
        }, { "aria-pressed": String(side === this.#perspective) })
      ),
    );
    this.#panel.replaceChildren(this.#views[this.#view]);
    this.#panel.setAttribute("aria-label", this.#titles[this.#view]);
    if (!this.contains(this.#panel)) {
      this.replaceChildren(
        this.#diagnosis,
        build("div", { class: "bar" }, this.#tabs, this.#sidesShown),
        this.#hidden,
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
  }

  /** @returns {Promise<void>} */
  async #load() {
    const traceId = this.getAttribute("trace-id");
    this.#show();
    if (!traceId) return;
    const asked = ++this.#asked;
    try {
      const [trace, evidence] = await Promise.all([
        ask(`/api/traces/${traceId}`),
        ask(`/api/traces/${traceId}/evidence?perspective=${this.#perspective}`),
      ]);
      // An answer that another question has overtaken is no longer wanted.
      if (asked === this.#asked) this.#take(trace, evidence);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#hidden.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * @param {any} trace
   * @param {any} evidence
   * @returns {void}
   */
  #take(trace, evidence) {
    const side = this.#perspective;
    const seen = (/** @type {{service: string}} */ record) =>
      side === "all" || record.service === side;
    const spans = trace.spans.filter(seen);
    const logs = trace.logs.filter(seen);
    this.#diagnosis.show(evidence.diagnosis);
    this.#views.waterfall.show(spans, logs);
    this.#views.messages.show(evidence.messages, spans, evidence.windows ?? []);
    this.#views.truths.show(evidence.truths.moments);
    this.#views.logs.show(logs);
    this.#views.checklist.show(evidence.checklist);
    this.#prompt = evidence.prompt;
    this.#hidden.textContent = side === "all" ? "" : interpolate(
      gettext("%(spans)s spans and %(logs)s log lines are hidden: this side cannot know of them."),
      evidence.hidden,
    );
    this.#exports(trace.traceId);
    this.dispatchEvent(new CustomEvent("shown"));
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
    this.#links.replaceChildren(
      copy,
      build(
        "a",
        { href: `/api/traces/${traceId}?format=otlp`, download: "" },
        gettext("OTLP JSON"),
      ),
      build(
        "a",
        { href: `/api/traces/${traceId}?format=jaeger`, download: "" },
        gettext("Jaeger JSON"),
      ),
      build("span", { class: "mono" }, traceId),
    );
  }

  /**
   * @param {{type: "span" | "log", id: string}} proof
   * @returns {void}
   */
  #select(proof) {
    this.#choose(proof.type === "span" ? "waterfall" : "logs");
    if (proof.type === "span") this.#views.waterfall.select(proof.id);
    else this.#views.logs.select(proof.id);
  }
}

customElements.define("lab-trace", LabTrace);
