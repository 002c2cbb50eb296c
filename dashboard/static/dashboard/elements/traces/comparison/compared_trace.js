import { build, button } from "../../../base/dom.js";
import { gettext, ngettext } from "../../../base/i18n.js";
import { popover } from "../../../base/popover.js";
import { dateAndTime, duration } from "../../../base/time.js";
import { serviceMark } from "../trace_row.js";
import { TracePicker } from "./trace_picker.js";

/** @typedef {import("../trace_row.js").Summary} Summary */

const ID_DIGITS = 8;

/**
 * One of both traces: what it is, and another one to be picked; where there is none, that at once.
 */
export class ComparedTrace {
  element;
  #picker;
  #label;

  /**
   * @param {string} label
   * @param {(traceId: string) => string} addressOf where another trace in its place leads
   * @param {string} other the trace on the other side
   */
  constructor(label, addressOf, other) {
    this.#label = label;
    this.element = build("section", { class: "side", "aria-label": label });
    this.#picker = new TracePicker(gettext("Find a trace"), addressOf, other);
  }

  /**
   * @param {Summary} trace
   * @returns {void}
   */
  show({ traceId, name, startTime, durationMs, spanCount, errorCount, services, open }) {
    const opener = button(gettext("Another trace"), () => {});
    const panel = popover(opener, gettext("Another trace"), this.#picker.element);
    panel.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
      this.#picker.focus();
      this.#picker.find();
    });
    const failed = ngettext("%s failed", "%s failed", errorCount);
    this.element.replaceChildren(
      this.#tag(),
      build("a", { class: "name", href: `/traces/${traceId}`, title: name }, name || traceId),
      build(
        "p",
        { class: "facts" },
        build("span", { class: "mono", title: traceId }, traceId.slice(0, ID_DIGITS)),
        build("span", {}, dateAndTime(startTime)),
        build("b", {}, open ? `${duration(durationMs)} …` : duration(durationMs)),
        build("span", {}, ngettext("%s span", "%s spans", spanCount)),
        ...(errorCount ? [build("b", { class: "failed" }, failed)] : []),
        ...services.map((each) =>
          build("span", { class: "service-of" }, serviceMark(each.name), each.name)
        ),
      ),
      opener,
      panel,
    );
  }

  /**
   * Has one picked.
   * @param {string} reason
   * @param {boolean} isProblem
   * @returns {void}
   */
  pick(reason, isProblem) {
    const said = build("p", { class: isProblem ? "problem" : "quiet" }, reason);
    if (isProblem) said.setAttribute("role", "alert");
    this.element.replaceChildren(
      this.#tag(),
      said,
      this.#picker.element,
    );
    this.#picker.find();
    if (!document.activeElement || document.activeElement === document.body) this.#picker.focus();
  }

  /** @returns {HTMLElement} */
  #tag() {
    return build("h2", {}, this.#label);
  }
}
