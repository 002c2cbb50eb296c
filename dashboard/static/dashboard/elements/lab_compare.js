import { build, svg } from "../base/dom.js";
import { gettext, ngettext } from "../base/i18n.js";
import { duration } from "../base/time.js";
import { compare, durationMs, stretch } from "../model/compare.js";
import { hue } from "../model/palette.js";
import { ask } from "../wire/api.js";

/** Two traces aligned step by step, with what differs marked. `a` and `b` say which. */
export class LabCompare extends HTMLElement {
  #verdicts = {
    same: "",
    "only-a": gettext("only in the first"),
    "only-b": gettext("only in the second"),
    slower: gettext("slower"),
    faster: gettext("faster"),
    "failed-otherwise": gettext("failed otherwise"),
  };

  /** @returns {Promise<void>} */
  async connectedCallback() {
    const [a, b] = [this.getAttribute("a") ?? "", this.getAttribute("b") ?? ""];
    try {
      const [first, second] = await Promise.all([ask(`/api/traces/${a}`), ask(`/api/traces/${b}`)]);
      this.#show(first, second);
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      this.replaceChildren(build("p", { class: "problem", role: "alert" }, told));
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
    const [ofFirst, ofSecond] = [stretch(first.spans), stretch(second.spans)];
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
    const heads = [
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
      build(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": gettext("Comparison") },
        build(
          "table",
          {},
          build(
            "thead",
            {},
            build("tr", {}, ...heads.map((head) => build("th", { scope: "col" }, head))),
          ),
          build("tbody", {}, ...rows),
        ),
      ),
    );
  }
}

/**
 * @param {import("../model/trace.js").WireSpan | null} span
 * @param {bigint} first the beginning of its trace
 * @param {number} longest how long the longer of both traces is, in nanoseconds
 * @returns {HTMLElement}
 */
function side(span, first, longest) {
  const bar = svg("svg", { "aria-hidden": "true" });
  if (span) {
    const from = (Number(BigInt(span.startTimeUnixNano) - first) / longest) * 100;
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
  return build("span", { class: "side" }, bar, build("span", {}, told(span)));
}

/**
 * @param {import("../model/trace.js").WireSpan | null} span
 * @returns {string}
 */
function told(span) {
  if (!span) return "–";
  const ms = durationMs(span);
  const took = ms === null ? gettext("running") : duration(ms);
  return span.errorKind ? `${took} · ${span.errorKind}` : took;
}

customElements.define("lab-compare", LabCompare);
