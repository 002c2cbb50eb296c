import { selfTime } from "../critical_path.js";

/**
 * @typedef {import("../rows.js").Row} Row
 *
 * @typedef {object} Operation What the spans of one service and name have in common; times in ns.
 * @property {string} service
 * @property {string} name
 * @property {number} count
 * @property {number} failed
 * @property {number} total of all their times, which may overlap
 * @property {number} self of the times in which none of their children ran
 * @property {number} p50 half of them took no longer
 * @property {number} p95
 */

/**
 * Sums up a trace by service and operation.
 * @param {Row[]} listed
 * @returns {Operation[]} those with the most time of their own first
 */
export function operationsOf(listed) {
  /** @type {Map<string, Operation & {lengths: number[]}>} */
  const found = new Map();
  listed.forEach(({ span, start, end }, at) => {
    const key = `${span.service}\n${span.name}`;
    let of = found.get(key);
    if (!of) {
      const { service, name } = span;
      of = { service, name, count: 0, failed: 0, total: 0, self: 0, p50: 0, p95: 0, lengths: [] };
      found.set(key, of);
    }
    of.count += 1;
    if (span.failed) of.failed += 1;
    of.total += end - start;
    of.self += selfTime(listed, at);
    of.lengths.push(end - start);
  });
  return [...found.values()].map(({ lengths, ...of }) => {
    const ordered = Float64Array.from(lengths).sort();
    return { ...of, p50: percentile(ordered, 50), p95: percentile(ordered, 95) };
  }).sort((a, b) => b.self - a.self);
}

/**
 * The least value that so many of them do not exceed.
 * @param {ArrayLike<number>} ordered at least one
 * @param {number} percent
 * @returns {number}
 */
export function percentile(ordered, percent) {
  return ordered[Math.max(0, Math.ceil((percent / 100) * ordered.length) - 1)] ?? 0;
}

/**
 * Puts rows into an order by one of their values: texts as they are read, numbers by size. Equal ones
 * stay in the order in which they are.
 * @template T
 * @param {readonly T[]} rows
 * @param {(row: T) => string | number} valueOf
 * @param {boolean} descending
 * @returns {T[]}
 */
export function sortedBy(rows, valueOf, descending) {
  const way = descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (typeof a === "number" && typeof b === "number") return way * (a - b);
    return way * String(a).localeCompare(String(b));
  });
}
