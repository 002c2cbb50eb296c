import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { duration, whole } from "../../base/time.js";
import { hue } from "../../base/palette.js";
import { EvidenceLoader } from "../../wire/evidence.js";
import { serviceMark } from "./trace_row.js";

/**
 * @typedef {import("./trace_row.js").Summary} Summary
 * @typedef {HTMLElement & {show: (diagnosis: any) => void}} Diagnosis
 */

const ID_DIGITS = 16;

/** What is known of the trace that is chosen in the list, and the way to all of it. `closed` is sent. */
export class LabTracePreview extends HTMLElement {
  #traceId = "";
  /** @type {Diagnosis | null} */
  #diagnosis = null;
  #problem = build("p", { class: "problem", role: "alert" });

  /** @param {Diagnosis} element that shows what the records prove */
  set diagnosis(element) {
    this.#diagnosis = element;
  }

  /**
   * @param {Summary} trace
   * @returns {Promise<void>}
   */
  async show(trace) {
    const { traceId } = trace;
    if (traceId === this.#traceId) return;
    this.#traceId = traceId;
    this.hidden = false;
    this.#problem.textContent = "";
    this.#diagnosis?.replaceChildren();
    this.#draw(trace);
    try {
      const { diagnosis } = await new EvidenceLoader(traceId).load("all");
      if (this.#traceId === traceId) this.#diagnosis?.show(diagnosis);
    } catch (error) {
      if (this.#traceId === traceId) this.#problem.textContent = messageOf(error);
    }
  }

  /**
   * Closes it, until another trace is chosen.
   * @returns {void}
   */
  close() {
    this.#traceId = "";
    this.hidden = true;
    this.dispatchEvent(new CustomEvent("closed"));
  }

  /**
   * @param {Summary} trace
   * @returns {void}
   */
  #draw(trace) {
    const { traceId, name, startTimeUnixNano, durationMs, spanCount, errorCount } = trace;
    const close = button("", () => this.close(), { class: "bare", "aria-label": gettext("Close") });
    close.append(icon("close"));
    const failed = ngettext("%s failed", "%s failed", errorCount);
    this.replaceChildren(
      build("div", { class: "head" }, build("h2", { title: name }, name || traceId), close),
      build(
        "p",
        { class: "facts" },
        build("span", { class: "mono", title: traceId }, traceId.slice(0, ID_DIGITS)),
        build("span", {}, whole(startTimeUnixNano)),
        build("b", {}, duration(durationMs)),
        build("span", {}, ngettext("%s span", "%s spans", spanCount)),
        ...(errorCount ? [build("b", { class: "failed" }, failed)] : []),
      ),
      build(
        "div",
        { class: "known", tabindex: "0", role: "region", "aria-label": gettext("What happened") },
        ...(this.#diagnosis ? [this.#diagnosis] : []),
        this.#problem,
        build("h3", {}, gettext("Spans by service")),
        ...shares(trace),
      ),
      build(
        "p",
        { class: "row" },
        build("a", { class: "button primary", href: `/traces/${traceId}` }, gettext("Open trace")),
      ),
    );
  }
}

/**
 * @param {Summary} trace
 * @returns {HTMLElement[]}
 */
function shares({ services }) {
  const most = services.reduce((found, each) => Math.max(found, each.spanCount), 1);
  return services.map(({ name, spanCount }) => {
    const bar = build("i", { class: `ink ${hue(name)}`, "aria-hidden": "true" });
    bar.style.width = `${(spanCount / most) * 100}%`;
    return build(
      "p",
      { class: "share" },
      build("span", { class: `service ${hue(name)}`, title: name }, serviceMark(name), name),
      build("span", { class: "lane" }, bar),
      build("span", { class: "quiet" }, String(spanCount)),
    );
  });
}

customElements.define("lab-trace-preview", LabTracePreview);
