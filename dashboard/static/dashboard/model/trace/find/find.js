import { CUT, hasFlag, kindAt, NONE } from "../columns/span_data.js";
import { selfTime } from "../critical_path.js";
import { shownName } from "../span.js";
import { onPath } from "./path.js";
import { OWN, TIMES } from "./query.js";

/**
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("./query.js").Found} Found
 * @typedef {import("./query.js").Term} Term
 * @typedef {import("./query.js").Operator} Operator
 * @typedef {import("./query.js").AttributeOf} AttributeOf
 *
 * @typedef {(at: number) => boolean} Condition Whether a condition holds for the span of a row.
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
  /** @type {number[]} */
  const found = [];
  if (!terms.length) return found;
  const conditions = terms.map((term) => conditionOf(layout, term, attributeOf));
  for (let at = 0; at < layout.listed.length; at++) {
    if (conditions.every((holds) => holds(at))) found.push(at);
  }
  return found;
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
 * @param {Term} term
 * @param {AttributeOf} attributeOf
 * @returns {Condition}
 */
function conditionOf(layout, term, attributeOf) {
  const { listed, tree: { columns, data } } = layout;
  const place = (/** @type {number} */ at) => data.of[at] ?? 0;
  if ("error" in term) return (at) => columns.failedAt(place(at));
  if ("text" in term) return containing(layout, term.text.toLowerCase());
  const { key, operator, value } = term;
  if (key === "path") {
    const led = onPath(listed, value);
    return (at) => led.has(at);
  }
  if (!OWN.includes(key)) {
    // What was sent of a span that goes on came at its end.
    return (at) =>
      !hasFlag(columns.data, place(at), CUT) &&
      compares(attributeOf(key, columns.span(place(at))), operator, value);
  }
  if (TIMES.includes(key)) {
    const [, number, unit = "ms"] = TIME.exec(value) ?? [];
    if (number === undefined) return () => false;
    const wanted = String(Number(number) * (NANOS[unit] ?? 1));
    const length = (/** @type {number} */ at) => (data.end[at] ?? 0) - (data.start[at] ?? 0);
    const time = key === "self" ? (/** @type {number} */ at) => selfTime(listed, at) : length;
    return (at) => compares(time(at), operator, wanted);
  }
  if (key === "span") {
    return (at) => compares(columns.span(place(at)).spanId, operator, value);
  }
  if (key === "kind") return (at) => compares(kindAt(columns.data, place(at)), operator, value);
  const column = columns.data[key === "error" ? "error" : key === "name" ? "name" : "service"];
  const holds = remembered((text) =>
    text !== NONE && compares(columns.texts.at(text), operator, value)
  );
  return (at) => holds(column[place(at)] ?? NONE);
}

/**
 * Looks through who, what, how it failed, events and log lines for a text. Most spans have the first
 * two alone, which many have in common.
 * @param {Layout} layout
 * @param {string} text
 * @returns {Condition}
 */
function containing({ logsOfSpan, tree }, text) {
  const { columns, data: { of } } = tree;
  const { data: { service, name, target, error }, texts } = columns;
  const has = (/** @type {(string | null)[]} */ ...parts) =>
    parts.map((part) => part ?? "").join(" ").toLowerCase().includes(text);
  const many = texts.all.length;
  const common = remembered((both) =>
    has(texts.at(Math.floor(both / many)), texts.at(both % many), "")
  );
  const logged = new Set([...logsOfSpan.keys()].map((key) => tree.rowOf(key)));
  const hasEvents = columns.events.any;
  return (at) => {
    const place = of[at] ?? 0;
    const events = hasEvents ? columns.eventsAt(place) : [];
    const isPlain = error[place] === NONE && target[place] === NONE;
    if (isPlain && !events.length && !logged.has(at)) {
      return common((service[place] ?? 0) * many + (name[place] ?? 0));
    }
    const logs = logged.has(at) ? logsOfSpan.get(columns.keyAt(place)) ?? [] : [];
    return has(
      texts.at(service[place] ?? 0),
      shownName(columns.span(place)),
      columns.span(place).errorKind,
      ...events.map((each) => each.name),
      ...logs.map(({ msg }) => msg),
    );
  };
}

/**
 * @param {(number: number) => boolean} test
 * @returns {(number: number) => boolean} which is made once of each number
 */
function remembered(test) {
  /** @type {Map<number, boolean>} */
  const known = new Map();
  return (number) => {
    let holds = known.get(number);
    if (holds === undefined) known.set(number, holds = test(number));
    return holds;
  };
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
