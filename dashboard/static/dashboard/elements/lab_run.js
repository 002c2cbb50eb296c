import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { ask } from "../wire/api.js";

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} name
 * @property {string} title
 * @property {string} status
 * @property {string} [reason]
 * @property {Array<{name: string, kind: string, status: string, text: string}>} steps
 * @property {Array<{name: string, text: string, expected: string, actual: string, ok: boolean}>} observed
 * @property {Array<{order_id: string | null}>} orders
 */

const MARKS = /** @type {Record<string, string>} */ ({
  running: "…",
  succeeded: "✓",
  deviated: "✕",
  failed: "!",
});

const TONES = /** @type {Record<string, string>} */ ({
  passed: "good",
  completed: "good",
  deviated: "bad",
  failed: "bad",
  running: "warn",
});

/**
 * Builds the badge that says how a run went, by a word and a colour.
 * @param {string} status
 * @returns {HTMLElement}
 */
export function verdict(status) {
  const words = /** @type {Record<string, string>} */ ({
    running: gettext("running"),
    passed: gettext("as expected"),
    completed: gettext("measured"),
    deviated: gettext("not as expected"),
    failed: gettext("failed"),
    aborted: gettext("stopped"),
    skipped: gettext("skipped"),
  });
  return build("span", { class: `badge ${TONES[status] ?? ""}` }, words[status] ?? status);
}

/** A run: its steps, what was expected beside what was seen. `choose` tells of an order. */
export class LabRun extends HTMLElement {
  #problem = build("p", { class: "problem", role: "alert" });

  /**
   * @param {Run} run
   * @returns {void}
   */
  show(run) {
    const going = run.status === "running";
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
      ...(going
        ? [button(gettext("Stop"), () => this.#stop(run.runId))]
        : [link(run, "report", gettext("Report")), link(run, "journal", gettext("Journal"))]),
      ...this.#orders(run),
    );
    const table = build(
      "table",
      {},
      build(
        "thead",
        {},
        build(
          "tr",
          {},
          ...[gettext("Step"), gettext("Expected"), gettext("Seen"), gettext("Verdict")].map(
            (text) => build("th", { scope: "col" }, text),
          ),
        ),
      ),
      build("tbody", {}, ...observed),
    );
    this.replaceChildren(
      head,
      ...(run.reason ? [build("p", { class: "quiet" }, run.reason)] : []),
      build("ol", { class: "plain steps" }, ...steps),
      ...(observed.length
        ? [
          build(
            "div",
            {
              class: "scroll",
              tabindex: "0",
              role: "region",
              "aria-label": gettext("Expected and seen"),
            },
            table,
          ),
        ]
        : []),
      this.#problem,
    );
  }

  /**
   * @param {Run} run
   * @returns {HTMLElement[]}
   */
  #orders(run) {
    return run.orders.filter((order) => order.order_id).slice(0, 3).map((order) => {
      const orderId = order.order_id ?? "";
      return button(orderId.slice(0, 8), () => {
        this.dispatchEvent(new CustomEvent("choose", { detail: { orderId, traceId: null } }));
      }, { class: "link mono" });
    });
  }

  /**
   * @param {string} runId
   * @returns {Promise<void>}
   */
  async #stop(runId) {
    await ask(`/api/runs/${runId}/stop`, { method: "POST" }).catch((error) => {
      this.#problem.textContent = error instanceof Error ? error.message : String(error);
    });
  }
}

/**
 * Builds a link to a file that a run has left.
 * @param {{runId: string, title: string}} run
 * @param {"report" | "journal"} file
 * @param {string} text
 * @returns {HTMLElement}
 */
export function link(run, file, text) {
  const attributes = {
    href: `/api/runs/${run.runId}/${file}`,
    "aria-label": `${text}: ${run.title}`,
  };
  const how = file === "journal" ? ["download", ""] : ["target", "_blank"];
  return build("a", { ...attributes, ...Object.fromEntries([how]) }, text);
}

customElements.define("lab-run", LabRun);
