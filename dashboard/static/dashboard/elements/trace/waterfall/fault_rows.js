import { build } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { faultTexts, toneOf } from "./fault_name.js";
import { MOST_NAMED, strip } from "./time_head.js";

/**
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/messages/message.js").FaultWindow} FaultWindow
 */

/** The faults that were in force, one a row, where they are too many to be named over the axis. */
export class FaultRows {
  element = build("div", { class: "fault-rows", hidden: "" });

  /**
   * @param {Axis} axis
   * @param {FaultWindow[]} windows
   * @returns {void}
   */
  show(axis, windows) {
    const named = new Map(
      windows.map((window) => [faultTexts(window.target, [window]).whole, window]),
    );
    this.element.hidden = named.size <= MOST_NAMED;
    if (this.element.hidden) return;
    this.element.replaceChildren(
      build("h3", {}, gettext("Faults in force")),
      ...[...named].map(([text, window]) =>
        build(
          "p",
          { class: `row-of ${toneOf(window.kind)}` },
          build("span", { class: "label" }, text),
          build("span", { class: "lane" }, strip(axis, window)),
        )
      ),
    );
  }
}
