import { build, scrollable, svg, table } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, ngettext } from "../../base/i18n.js";
import { duration } from "../../base/time.js";
import { compare, durationMs, extent, startOf } from "../../model/traces/compare.js";
import { hue } from "../../base/palette.js";
import { fetchJson } from "../../wire/api.js";
import { errorText } from "../shared/error_text.js";

/** Two traces aligned step by step, with what differs marked. `a` and `b` say which. */
export class LabCompare extends HTMLElement {
  #verdicts = {
    same: "",
    "only-a": gettext("only in the first"),
    "only-b": gettext("only in the second"),
    slower: gettext("slower"),
    faster: gettext("faster"),
    "failed-otherwise": gettext("different failure"),
  };

  /** @returns {Promise<void>} */
  async connectedCallback() {
    const [a, b] = [this.getAttribute("a") ?? "", this.getAttribute("b") ?? ""];
    try {
      const [first, second] = await Promise.all([
        fetchJson(`/api/traces/${a}`),
        fetchJson(`/api/traces/${b}`),
      ]);
      this.#show(first, second);
    } catch (error) {
      this.replaceChildren(build("p", { class: "problem", role: "alert" }, messageOf(error)));
    }
  }

  /**
   * @param {any} first
   * @param {any} second
   * @returns {void}
   */
  #show(first, second) {
    const pairs = compare(first.spans, second.spans);
    const differing = pairs.filter((pair) => pair.verdict !== "same").length;
    const [ofFirst, ofSecond] = [extent(first.spans), extent(second.spans)];
    // Both on one scale, each from its own beginning: what is slower is seen to be longer.
    const longest = Math.max(ofFirst.length, ofSecond.length);
    const rows = pairs.map((pair) => {
      const span = pair.a ?? pair.b;
      const label = build(
        "th",
        { scope: "row" },
        build("span", { class: `service ${hue(span?.service ?? "")}` }, span?.service ?? ""),
        ` ${span?.name ?? ""}`,
      );
      label.style.setProperty("--depth", String(pair.depth));
      return build(
        "tr",
        { class: pair.verdict },
        label,
        build("td", {}, side(pair.a, ofFirst.first, longest)),
        build("td", {}, side(pair.b, ofSecond.first, longest)),
        build("td", {}, this.#verdicts[pair.verdict]),
      );
    });
    const headings = [
      gettext("Step"),
      first.traceId.slice(0, 8),
      second.traceId.slice(0, 8),
      gettext("Difference"),
    ];
    this.replaceChildren(
      build(
        "p",
        { role: "status" },
        ngettext("%s step differs.", "%s steps differ.", differing),
      ),
      scrollable(gettext("Comparison"), table(headings, build("tbody", {}, ...rows))),
    );
  }
}

/**
 * @param {import("../../model/trace/span.js").WireSpan | null} span
 * @param {bigint} first the beginning of its trace
 * @param {number} longest how long the longer of both traces is, in nanoseconds
 * @returns {HTMLElement}
 */
function side(span, first, longest) {
  const bar = svg("svg", { "aria-hidden": "true" });
  if (span) {
    const from = (Number(startOf(span) - first) / longest) * 100;
    const took = ((durationMs(span) ?? 0) * 1e6 / longest) * 100;
    const failed = span.status.code === "ERROR" || span.errorKind !== null;
    bar.append(svg("rect", {
      x: `${Math.min(99.5, from)}%`,
      y: 2,
      width: `${Math.max(0.5, took)}%`,
      height: 8,
      rx: 2,
      class: `ink ${failed ? "bad" : hue(span.service)}`,
    }));
  }
  return build("span", { class: "side" }, bar, build("span", {}, summary(span)));
}

/**
 * @param {import("../../model/trace/span.js").WireSpan | null} span
 * @returns {string}
 */
function summary(span) {
  if (!span) return "–";
  const ms = durationMs(span);
  const unknown = span.startTimeUnixNano === "0" ? gettext("no start") : gettext("end < start");
  const took = ms !== null
    ? duration(ms)
    : span.endTimeUnixNano === null
    ? gettext("running")
    : unknown;
  return span.errorKind ? `${took} · ${errorText(span.errorKind)}` : took;
}

customElements.define("lab-compare", LabCompare);
