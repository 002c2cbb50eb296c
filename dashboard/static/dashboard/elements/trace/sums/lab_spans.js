import { build, button } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { duration, exactTime } from "../../../base/time.js";
import { selfTime } from "../../../model/trace/critical_path.js";
import { shownName } from "../../../model/trace/span.js";
import { errorText } from "../../shared/error_text.js";
import { lasted } from "../waterfall/row.js";
import { serviceCell } from "./lab_statistics.js";
import { SortedTable } from "./sorted_table.js";

/**
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {Pick<Row, "span" | "start" | "end" | "backwards"> & {self: number}} Line
 */

/** A table of all spans; one that is chosen sends `prove`, which bubbles. */
export class LabSpans extends HTMLElement {
  /** @type {Layout | null} */
  #layout = null;
  #table = new SortedTable(
    [
      {
        title: gettext("Start"),
        value: ({ start }) => start,
        cell: ({ start }) => [exactTime((start - (this.#layout?.first ?? 0)) / 1e6)],
      },
      {
        title: gettext("Service"),
        value: ({ span }) => span.service,
        cell: ({ span }) => serviceCell(span),
      },
      {
        title: gettext("Span"),
        value: ({ span }) => shownName(span),
        cell: (line) => [this.#name(line)],
      },
      {
        title: gettext("Duration"),
        value: ({ start, end }) => end - start,
        cell: (line) => [lasted(line)],
      },
      {
        title: gettext("Self time"),
        value: ({ self }) => self,
        cell: ({ self }) => [duration(self / 1e6)],
      },
      {
        title: gettext("Error"),
        value: ({ span }) => (span.failed ? span.errorKind ?? "-" : ""),
        cell: ({ span }) =>
          span.failed ? [build("span", { class: "failed" }, errorText(span.errorKind))] : [],
      },
      { title: gettext("Kind"), value: ({ span }) => span.kind, cell: ({ span }) => [span.kind] },
    ],
    { by: 0, descending: false },
  );

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#table.element);
    this.#draw();
  }

  /**
   * @param {Layout} layout
   * @returns {void}
   */
  show(layout) {
    this.#layout = layout;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const listed = this.#layout?.listed;
    if (!this.isConnected || !listed) return;
    this.#table.show(listed.map(({ span, start, end, backwards }, at) => {
      return { span, start, end, backwards, self: selfTime(listed, at) };
    }));
  }

  /**
   * @param {Line} line
   * @returns {Node}
   */
  #name({ span }) {
    const detail = { type: "span", id: span.spanId, service: span.service };
    return button(shownName(span) || gettext("(no name)"), () => {
      this.dispatchEvent(new CustomEvent("prove", { detail, bubbles: true }));
    }, { class: "link" });
  }
}

customElements.define("lab-spans", LabSpans);
