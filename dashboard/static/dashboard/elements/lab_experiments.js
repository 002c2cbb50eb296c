import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { ask } from "../wire/api.js";

/**
 * @typedef {{name: string, title: string, description: string, tags: string[]}} Experiment
 *
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} name
 * @property {string} title
 * @property {string} status
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

/** Experiments as buttons; a run's steps, and what was expected beside what was seen. */
export class LabExperiments extends HTMLElement {
  #cards = build("div", { class: "cards" });
  #run = build("div", { class: "run", role: "status" });
  #problem = build("p", { class: "problem", role: "alert" });
  #going = "";
  #statuses = /** @type {Record<string, string>} */ ({
    running: gettext("running"),
    passed: gettext("as expected"),
    deviated: gettext("not as expected"),
    failed: gettext("failed"),
    aborted: gettext("stopped"),
  });

  /** @returns {Promise<void>} */
  async connectedCallback() {
    this.replaceChildren(this.#cards, this.#problem, this.#run);
    try {
      const { experiments } = await ask("/api/experiments");
      const tag = this.getAttribute("tag");
      const wanted = experiments.filter((/** @type {Experiment} */ each) =>
        !tag || (each.tags.includes(tag) && !each.tags.includes("switch"))
      );
      this.#cards.replaceChildren(
        ...wanted.map((/** @type {Experiment} */ each) => this.#card(each)),
      );
      const { runs } = await ask("/api/runs");
      if (runs[0]?.status === "running") this.show(await ask(`/api/runs/${runs[0].runId}`));
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * @param {Run} run
   * @returns {void}
   */
  show(run) {
    this.#going = run.status === "running" ? run.runId : "";
    for (const each of this.#cards.querySelectorAll("button")) each.disabled = this.#going !== "";
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
      build(
        "span",
        { class: `badge ${TONES[run.status] ?? ""}` },
        this.#statuses[run.status] ?? run.status,
      ),
      ...(this.#going ? [button(gettext("Stop"), () => this.#stop(run.runId))] : []),
      ...this.#orders(run),
      ...(this.#going ? [] : [
        build(
          "a",
          { href: `/api/runs/${run.runId}/journal.json`, download: "" },
          gettext("Journal"),
        ),
      ]),
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
          ...["", gettext("Expected"), gettext("Seen"), ""].map((text) =>
            build("th", { scope: "col" }, text)
          ),
        ),
      ),
      build("tbody", {}, ...observed),
    );
    this.#run.replaceChildren(
      head,
      build("ol", { class: "plain steps" }, ...steps),
      ...(observed.length ? [build("div", { class: "scroll", tabindex: "0" }, table)] : []),
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
   * @param {Experiment} experiment
   * @returns {HTMLElement}
   */
  #card(experiment) {
    const run = button(gettext("Run"), () => this.#start(experiment.name), {
      class: "primary",
      "aria-label": `${gettext("Run")}: ${experiment.title}`,
    });
    return build(
      "article",
      {},
      build("h3", {}, experiment.title),
      build("p", { class: "quiet" }, experiment.description),
      run,
    );
  }

  /**
   * @param {string} name
   * @returns {Promise<void>}
   */
  async #start(name) {
    this.#problem.textContent = "";
    try {
      this.show(await ask(`/api/experiments/${name}/runs`, { method: "POST" }));
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * @param {string} runId
   * @returns {Promise<void>}
   */
  async #stop(runId) {
    await ask(`/api/runs/${runId}/stop`, { method: "POST" }).catch((error) =>
      this.#complain(error)
    );
  }

  /**
   * @param {unknown} error
   * @returns {void}
   */
  #complain(error) {
    this.#problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

const TONES = /** @type {Record<string, string>} */ ({
  passed: "good",
  deviated: "bad",
  failed: "bad",
  running: "warn",
});

customElements.define("lab-experiments", LabExperiments);
