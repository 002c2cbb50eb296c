import { build, button } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { clock } from "../base/time.js";
import { details } from "../model/log_filter.js";

/** @typedef {import("../model/log_filter.js").LogLine} LogLine */

/** A request's log lines in the order of their times, each tied to its span. */
export class LabTraceLogs extends HTMLElement {
  /**
   * @param {LogLine[]} logs
   * @returns {void}
   */
  show(logs) {
    const rows = logs.map((log) => {
      const row = build(
        "li",
        { class: log.level, "data-seq": String(log.seq), tabindex: "-1" },
        build("time", {}, clock(log.timeUnixNano)),
        build("span", { class: `service ${log.service}` }, log.service),
        build("span", { class: "msg" }, log.msg),
        build("span", { class: "fields" }, details(log).join(" ")),
      );
      if (log.spanId) {
        const proof = { type: "span", id: log.spanId };
        row.append(
          button(gettext("span"), () => {
            this.dispatchEvent(new CustomEvent("prove", { detail: proof, bubbles: true }));
          }, { class: "link" }),
        );
      }
      return row;
    });
    const none = build("li", { class: "quiet" }, gettext("No log line is seen from here."));
    this.replaceChildren(build("ol", { class: "plain" }, ...(rows.length ? rows : [none])));
  }

  /**
   * @param {string} seq
   * @returns {void}
   */
  select(seq) {
    for (const row of this.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    const row = /** @type {HTMLElement | null} */ (this.querySelector(`[data-seq="${seq}"]`));
    row?.setAttribute("aria-current", "true");
    row?.focus();
  }
}

customElements.define("lab-trace-logs", LabTraceLogs);
