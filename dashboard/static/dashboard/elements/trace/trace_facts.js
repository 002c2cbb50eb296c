import { build } from "../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../base/i18n.js";
import { duration, timeOfDay, whole } from "../../base/time.js";
import { factsOf } from "../../model/trace/facts.js";
import { shownName } from "../../model/trace/span.js";
import { hue } from "../../base/palette.js";

const LONGEST_NAME = 120;

/** What a trace is, in one line: its name, start, duration, services, depth, spans and errors. */
export class TraceFacts {
  element = build("p", { class: "trace-facts" });
  #name = build("b", {});
  #moment = build("time");
  #took = build("span");
  /** The same in brief: what its readers call it, its start and duration. */
  brief = build("p", { class: "brief" }, this.#name, " · ", this.#moment, " · ", this.#took);

  /** @param {string} name what its readers call it */
  set name(name) {
    this.#name.textContent = name;
  }

  /**
   * @param {import("../../model/trace/layout.js").Layout} layout
   * @param {bigint | null} base from when its times count, in nanoseconds since the epoch
   * @param {string[]} lanes who calls or is called, as far as the evidence knows
   * @param {boolean} explained whether the headline beside which it stands in brief is this trace's
   * @returns {void}
   */
  show({ listed, logs }, base, lanes, explained) {
    const { root, first, last, services, silent, depth, failed } = factsOf(listed, logs, lanes);
    const name = root ? shownName(root) || gettext("(no name)") : gettext("log records alone");
    const service = root?.service ?? services[0] ?? "";
    const counts = [
      ngettext("%s service", "%s services", services.length),
      ...(silent
        ? [interpolate(gettext("%(count)s more without a record here"), { count: silent })]
        : []),
    ];
    if (explained && base !== null) {
      const start = new Date(Number((base + BigInt(Math.round(first))) / 1_000_000n));
      this.#moment.textContent = timeOfDay(start);
      this.#took.textContent = duration((last - first) / 1e6);
    }
    this.element.replaceChildren(
      build(
        "span",
        { class: "named" },
        build("span", { class: `service ${hue(service)}` }, service),
        " ",
        build("bdi", {}, name.slice(0, LONGEST_NAME)),
      ),
      ...(base === null
        ? []
        : [build("time", {}, whole(String(base + BigInt(Math.round(first)))))]),
      build("b", {}, duration((last - first) / 1e6)),
      build("span", {}, counts.join(", ")),
      ...(depth ? [build("span", {}, interpolate(gettext("depth %(depth)s"), { depth }))] : []),
      build("span", {}, ngettext("%s span", "%s spans", listed.length)),
      ...(listed.length ? [] : [ngettext("%s log line", "%s log lines", logs.length)]),
      ...(failed
        ? [build("b", { class: "failed" }, ngettext("%s failed", "%s failed", failed))]
        : []),
    );
  }
}
