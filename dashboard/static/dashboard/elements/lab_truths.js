import { build } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { clock, duration } from "../base/time.js";

/**
 * @typedef {object} Moment Both sides from one moment on.
 * @property {string} timeUnixNano
 * @property {{belief: string, text: string}} api
 * @property {{fact: string, text: string}} worker
 * @property {boolean} differ
 * @property {Array<{type: string, id: string}>} proofs
 */

/** What the API believes beside what the worker has done, moment by moment. */
export class LabTruths extends HTMLElement {
  /** @type {Moment[]} */
  #moments = [];
  #at = build("output", { class: "at" });
  #range = /** @type {HTMLInputElement} */ (build("input", {
    type: "range",
    min: "0",
    step: "1",
    "aria-label": gettext("moment"),
  }));
  #list = build("ol", { class: "plain moments" });

  /** @returns {void} */
  connectedCallback() {
    this.#range.addEventListener("input", () => this.#scrub());
  }

  /**
   * @param {Moment[]} moments
   * @returns {void}
   */
  show(moments) {
    const atEnd = this.#range.value === this.#range.max;
    this.#moments = moments;
    if (!moments.length) {
      this.replaceChildren(build("p", { class: "quiet" }, gettext("Nothing is known from here.")));
      return;
    }
    this.#range.max = String(moments.length - 1);
    if (atEnd) this.#range.value = this.#range.max;
    const first = BigInt(moments[0]?.timeUnixNano ?? 0);
    const rows = moments.map((moment, index) => {
      const after = Number(BigInt(moment.timeUnixNano) - first) / 1e6;
      return build(
        "li",
        { class: moment.differ ? "differ" : "", "data-index": String(index) },
        build("time", { title: clock(moment.timeUnixNano) }, `+${duration(after)}`),
        build("span", { class: "api" }, moment.api.text),
        build("span", { class: "sign", "aria-hidden": "true" }, moment.differ ? "≠" : "="),
        build("span", { class: "worker" }, moment.worker.text),
        ...(moment.differ
          ? [build("span", { class: "visually-hidden" }, gettext("they differ"))]
          : []),
      );
    });
    this.#list.replaceChildren(
      build(
        "li",
        { class: "head quiet" },
        build("span", {}, gettext("from")),
        build("span", {}, gettext("The API believes")),
        build("span", {}),
        build("span", {}, gettext("The worker has done")),
      ),
      ...rows,
    );
    this.replaceChildren(build("div", { class: "scrubber" }, this.#range, this.#at), this.#list);
    this.#scrub();
  }

  /** @returns {void} */
  #scrub() {
    const index = Number(this.#range.value);
    const moment = this.#moments[index];
    if (!moment) return;
    for (const row of this.#list.children) {
      row.toggleAttribute("aria-current", row.getAttribute("data-index") === String(index));
    }
    this.#at.textContent = clock(moment.timeUnixNano);
  }
}

customElements.define("lab-truths", LabTruths);
