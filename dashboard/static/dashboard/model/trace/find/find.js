import { selfTime } from "../critical_path.js";
import { shownName } from "../span.js";
import { onPath } from "./path.js";
import { OWN, TIMES } from "./query.js";

/**
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../rows.js").Row} Row
 * @typedef {import("./query.js").Found} Found
 * @typedef {import("./query.js").Term} Term
 * @typedef {import("./query.js").Operator} Operator
 * @typedef {import("./query.js").AttributeOf} AttributeOf
 */

const TIME = /^(\d+(?:\.\d+)?)\s*(ns|µs|us|ms|s|m)?$/;
/** @type {Record<string, number>} */
const NANOS = { ns: 1, µs: 1e3, us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/**
 * The places of the spans for which all terms hold.
 * @param {Layout} layout
 * @param {Pick<Found, "terms" | "attributeOf">} found
 * @returns {number[]} none where nothing is looked for
 */
export function placesOf(layout, { terms, attributeOf }) {
  if (!terms.length) return [];
  /** @type {Map<Term, Set<number>>} */
  const paths = new Map();
  for (const term of terms) {
    if ("key" in term && term.key === "path") paths.set(term, onPath(layout.listed, term.value));
  }
  return layout.listed.flatMap((row, at) =>
    terms.every((term) => paths.get(term)?.has(at) ?? holds(layout, at, row, term, attributeOf))
      ? [at]
      : []
  );
}

/**
 * The rows that are left when all but matches, or all beside the critical path, are left out: what
 * is folded away counts as well.
 * @param {Layout} layout
 * @param {readonly number[]} matches
 * @param {{matchesOnly: boolean, pathOnly: boolean}} only
 * @returns {number[] | null} null when nothing is left out
 */
export function leftOf({ listed, path }, matches, { matchesOnly, pathOnly }) {
  if (!matchesOnly && !pathOnly) return null;
  const wanted = matchesOnly ? matches : listed.map((_, at) => at);
  return pathOnly ? wanted.filter((at) => path.has(at)) : [...wanted];
}

/**
 * @param {Layout} layout
 * @param {number} at
 * @param {Row} row
 * @param {Term} term
 * @param {AttributeOf} attributeOf
 * @returns {boolean}
 */
function holds(layout, at, row, term, attributeOf) {
  if ("error" in term) return row.span.failed;
  if ("text" in term) return textOf(layout, row).includes(term.text.toLowerCase());
  if (!OWN.includes(term.key)) {
    // What was sent of a span that goes on came at its end.
    return !row.span.cut && compares(attributeOf(term.key, row.span), term.operator, term.value);
  }
  const own = {
    name: row.span.name,
    service: row.span.service,
    kind: row.span.kind,
    error: row.span.errorKind ?? undefined,
    span: row.span.spanId,
    duration: row.end - row.start,
    self: term.key === "self" ? selfTime(layout.listed, at) : 0,
  }[term.key];
  if (!TIMES.includes(term.key)) return compares(own, term.operator, term.value);
  const [, number, unit = "ms"] = TIME.exec(term.value) ?? [];
  if (number === undefined) return false;
  return compares(own, term.operator, String(Number(number) * (NANOS[unit] ?? 1)));
}

/**
 * What is looked through for a text: who, what, how it failed, its events and its log lines.
 * @param {Layout} layout
 * @param {Row} row
 * @returns {string}
 */
function textOf({ logsOfSpan }, { span }) {
  const logs = logsOfSpan.get(span.key) ?? [];
  return [
    span.service,
    shownName(span),
    span.errorKind ?? "",
    ...span.events.map(({ name }) => name),
    ...logs.map(({ msg }) => msg),
  ].join(" ").toLowerCase();
}

/**
 * @param {unknown} value undefined for none, which equals nothing and differs from nothing
 * @param {Operator} operator
 * @param {string} wanted
 * @returns {boolean}
 */
function compares(value, operator, wanted) {
  if (value === undefined || value === null) return false;
  const same = String(value).toLowerCase() === wanted.toLowerCase() ||
    (wanted !== "" && typeof value === "number" && value === Number(wanted));
  if (operator === "=") return same;
  if (operator === "!=") return !same;
  if (wanted.trim() === "" || String(value).trim() === "") return false;
  const [left, right] = [Number(value), Number(wanted)];
  return {
    ">": left > right,
    "<": left < right,
    ">=": left >= right,
    "<=": left <= right,
  }[operator];
}
