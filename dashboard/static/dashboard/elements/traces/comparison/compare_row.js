import { build } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { hue } from "../../../base/palette.js";
import { duration } from "../../../base/time.js";
import { change } from "../../../model/traces/comparison.js";
import { errorText } from "../../shared/error_text.js";

/**
 * @typedef {import("../../../model/traces/comparison.js").Pair} Pair
 * @typedef {import("../../../model/traces/comparison.js").Sum} Sum
 * @typedef {import("../../../model/traces/comparison.js").Difference} Difference
 */

/** Deeper steps are not indented further, which would leave no room for their names. */
const MOST_INDENTED = 16;

/**
 * Builds the row of a step: what each trace has of it, which leads there, and what differs.
 * @param {Pair} pair
 * @param {object} list
 * @param {boolean} list.indented whether the rows are in the order of the tree
 * @param {number} list.longest of all totals, in milliseconds
 * @param {(side: "a" | "b") => string} list.addressOf
 * @returns {HTMLElement}
 */
export function compareRow(pair, { indented, longest, addressOf }) {
  const { depth, service, name, a, b } = pair;
  const step = build(
    "div",
    { role: "rowheader", class: "step", title: `${service} · ${name}` },
    build("span", { class: `service ${hue(service)}` }, service),
    build("span", { class: "name" }, name || gettext("(no name)")),
  );
  step.style.setProperty("--depth", String(indented ? Math.min(depth, MOST_INDENTED) : 0));
  return build(
    "div",
    { role: "row", class: `step-row ${pair.differences.length ? "differs" : ""}` },
    step,
    sideCell(a, service, longest, () => addressOf("a"), gettext("in the first")),
    sideCell(b, service, longest, () => addressOf("b"), gettext("in the second")),
    changeCell(pair, "total"),
    changeCell(pair, "self"),
    build(
      "div",
      { role: "gridcell", class: "differences" },
      ...pair.differences.map((each) => differenceMark(each, pair)),
    ),
  );
}

/**
 * @param {Sum | null} sum
 * @param {string} service
 * @param {number} longest
 * @param {() => string} addressOf
 * @param {string} where
 * @returns {HTMLElement}
 */
function sideCell(sum, service, longest, addressOf, where) {
  if (!sum) {
    return build(
      "div",
      { role: "gridcell", class: "side-cell none" },
      build("span", { "aria-hidden": "true" }, "–"),
      build("span", { class: "visually-hidden" }, gettext("not there")),
    );
  }
  const bar = build("i", { class: `bar ink ${hue(service)}`, "aria-hidden": "true" });
  bar.style.width = `${Math.max(0.5, (sum.total / longest) * 100)}%`;
  const link = build(
    "a",
    { href: addressOf(), tabindex: "-1", title: `${titleOf(sum)} · ${where}` },
    duration(sum.total),
  );
  return build(
    "div",
    { role: "gridcell", class: "side-cell" },
    build("span", { class: "lane" }, bar),
    link,
    build("span", { class: "count quiet" }, sum.count > 1 ? `× ${sum.count}` : ""),
    build("span", { class: "failed" }, sum.failed ? failures(sum) : ""),
  );
}

/**
 * @param {Sum} sum
 * @returns {string}
 */
function titleOf({ count, self }) {
  const text = gettext("%(calls)s, self %(self)s");
  return interpolate(text, {
    calls: ngettext("%s call", "%s calls", count),
    self: duration(self),
  });
}

/**
 * @param {Sum} sum
 * @returns {string}
 */
function failures({ count, failed, kinds }) {
  const [kind = ""] = kinds;
  const named = kinds.length === 1 && kind ? errorText(kind) : "";
  if (count === 1) return named || errorText(null);
  return [ngettext("%s failed", "%s failed", failed), named].filter(Boolean).join(": ");
}

/**
 * @param {Pair} pair
 * @param {"total" | "self"} of
 * @returns {HTMLElement}
 */
function changeCell(pair, of) {
  const by = change(pair, of);
  // Below a microsecond nothing is said of it.
  const same = Math.abs(by) < 0.001;
  const text = same ? "±0" : `${by > 0 ? "+" : "−"}${duration(Math.abs(by))}`;
  const way = same ? "quiet" : by > 0 ? "more" : "less";
  return build("div", { role: "gridcell", class: `change ${of} ${way}` }, text);
}

/**
 * @param {Difference} difference
 * @param {Pair} pair
 * @returns {HTMLElement}
 */
function differenceMark(difference, pair) {
  const by = Math.abs(change(pair, "count"));
  const text = {
    "only-a": gettext("only in the first"),
    "only-b": gettext("only in the second"),
    more: ngettext("%s call more", "%s calls more", by),
    fewer: ngettext("%s call fewer", "%s calls fewer", by),
    slower: gettext("slower"),
    faster: gettext("faster"),
    "failed-otherwise": gettext("different failure"),
  }[difference];
  return build("span", { class: `badge ${TONES[difference]}` }, text);
}

/** @type {Record<Difference, string>} */
const TONES = {
  "only-a": "",
  "only-b": "",
  more: "warn",
  fewer: "warn",
  slower: "bad",
  faster: "good",
  "failed-otherwise": "bad",
};
