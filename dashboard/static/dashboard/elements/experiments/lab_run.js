import { build, button, scrollable, table } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";
import { link, verdict } from "./run_parts.js";

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} name
 * @property {string} title
 * @property {string} status
 * @property {string} [reason]
 * @property {Array<{name: string, kind: string, status: string, text: string}>} steps
 * @property {Array<{name: string, text: string, expected: string, actual: string, ok: boolean}>} observed
 * @property {Array<{order_id: string | null, trace_id?: string | null}>} orders or requests
 */

const MARKS = /** @type {Record<string, string>} */ ({
  running: "…",
  succeeded: "✓",
  deviated: "✕",
  failed: "!",
});

/** A run: its steps, what was expected beside what was seen. `choose` is sent with an order or a trace. */
export class LabRun extends HTMLElement {
  #problem = build("p", { class: "problem", role: "alert" });

  /**
   * @param {Run} run
   * @returns {void}
   */
  show(run) {
    const running = run.status === "running";
    const steps = run.steps.map((step) =>
      build(
        "li",
        { class: step.status },
        build("span", { class: "mark", "aria-label": step.status }, MARKS[step.status] ?? ""),
        build("span", {}, step.name),
      )
    );
    const observed = run.observed.map((each) =>
      build(
        "tr",
        { class: each.ok ? "" : "failed" },
        build("th", { scope: "row" }, each.name),
        build("td", { class: "mono" }, each.expected),
        build("td", { class: "mono" }, each.actual),
        build(
          "td",
          {},
          build("span", { class: `badge ${each.ok ? "good" : "bad"}` }, each.ok ? "✓" : "✕"),
        ),
      )
    );
    const head = build(
      "div",
      { class: "row" },
      build("h3", {}, run.title),
      verdict(run.status),
      ...(running
        ? [button(gettext("Stop"), () => this.#stop(run.runId))]
        : [link(run, "report", gettext("Report")), link(run, "journal", gettext("Journal"))]),
      ...this.#orders(run),
    );
    const headings = [
      gettext("Step"),
      gettext("Expected"),
      gettext("Observed"),
      gettext("Verdict"),
    ];
    const compared = table(headings, build("tbody", {}, ...observed));
    this.replaceChildren(
      head,
      ...(run.reason ? [build("p", { class: "quiet" }, run.reason)] : []),
      build("ol", { class: "plain steps" }, ...steps),
      ...(observed.length ? [scrollable(gettext("Expected and observed"), compared)] : []),
      this.#problem,
    );
  }

  /**
   * @param {Run} run
   * @returns {HTMLElement[]}
   */
  #orders(run) {
    const named = run.orders.filter((each) => each.order_id ?? each.trace_id).slice(0, 3);
    return named.map(({ order_id: orderId, trace_id: traceId = null }) =>
      button((orderId ?? traceId ?? "").slice(0, 8), () => {
        this.dispatchEvent(new CustomEvent("choose", { detail: { orderId, traceId } }));
      }, { class: "link mono" })
    );
  }

  /**
   * @param {string} runId
   * @returns {Promise<void>}
   */
  async #stop(runId) {
    await fetchJson(`/api/runs/${runId}/stop`, { method: "POST" }).catch((error) => {
      this.#problem.textContent = messageOf(error);
    });
  }
}

customElements.define("lab-run", LabRun);
