import { build, table } from "/static/dashboard/base/dom.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { duration } from "/static/dashboard/base/time.js";
import { fetchJson } from "/static/dashboard/wire/api.js";
import { sinceBase } from "/static/dashboard/wire/revive.js";
import "/static/dashboard/elements/trace/evidence/lab_diagnosis.js";
import "/static/dashboard/elements/trace/lab_trace_logs.js";

/** One order as the API alone can know it: what its records prove, its log lines, its spans. */
export class LabApiSide extends HTMLElement {
  #diagnosis =
    /** @type {import("/static/dashboard/elements/trace/evidence/lab_diagnosis.js").LabDiagnosis} */ (build(
      "lab-diagnosis",
    ));
  #logs =
    /** @type {import("/static/dashboard/elements/trace/lab_trace_logs.js").LabTraceLogs} */ (build(
      "lab-trace-logs",
    ));
  #spans = build("tbody");
  #requests = 0;

  /** @returns {void} */
  connectedCallback() {
    const headings = [gettext("Span"), gettext("Duration"), gettext("Error kind")];
    this.replaceChildren(
      this.#diagnosis,
      build("h3", {}, gettext("The API's log")),
      this.#logs,
      build("h3", {}, gettext("The API's spans")),
      build(
        "div",
        { class: "scroll", tabindex: "0" },
        table(headings, this.#spans),
      ),
    );
    this.addEventListener("prove", (event) => {
      const { type, id } = /** @type {CustomEvent} */ (event).detail;
      if (type === "log") this.#logs.select(id);
      else this.#select(id);
    });
  }

  /**
   * Shows a trace by the API's records alone.
   * @param {string} traceId
   * @returns {Promise<void>}
   */
  async show(traceId) {
    const request = ++this.#requests;
    const [trace, evidence] = await Promise.all([
      fetchJson(`/api/traces/${traceId}`),
      fetchJson(`/api/traces/${traceId}/evidence?perspective=api`),
    ]);
    // Another trace was chosen meanwhile.
    if (request !== this.#requests) return;
    const own = (/** @type {{service: string}} */ record) => record.service === "api";
    this.#diagnosis.show(evidence.diagnosis);
    const logs = trace.logs.filter(own);
    const base = BigInt(logs[0]?.timeUnixNano ?? 0);
    this.#logs.show({
      logs: logs.map((/** @type {{timeUnixNano: string}} */ log) => ({
        ...log,
        at: sinceBase(log.timeUnixNano, base),
      })),
      keyOf: (spanId) => spanId,
    });
    this.#spans.replaceChildren(...trace.spans.filter(own).map(row));
  }

  /**
   * @param {string} spanId
   * @returns {void}
   */
  #select(spanId) {
    for (const each of this.#spans.querySelectorAll("tr")) {
      each.classList.toggle("chosen", each.dataset.span === spanId);
    }
  }
}

/**
 * @param {{spanId: string, name: string, startTimeUnixNano: string, endTimeUnixNano: string | null,
 *   errorKind: string | null}} span
 * @returns {HTMLElement}
 */
function row(span) {
  const ns = span.endTimeUnixNano && span.startTimeUnixNano !== "0"
    ? Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano))
    : null;
  return build(
    "tr",
    { "data-span": span.spanId },
    build("th", { scope: "row", class: "mono" }, span.name),
    build("td", { class: "mono" }, ns === null ? "…" : duration(ns / 1e6)),
    build("td", { class: "mono" }, span.errorKind ?? ""),
  );
}

customElements.define("lab-api-side", LabApiSide);
