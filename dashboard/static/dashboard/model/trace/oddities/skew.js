import { NO_START } from "../columns/row_flags.js";

/**
 * @typedef {import("../rows.js").Row} Row
 *
 * @typedef {object} Estimate By how many nanoseconds a service's clock has to be moved so that no
 *   effect comes before its cause.
 * @property {string} service
 * @property {string} against the service that it is compared with
 * @property {number} offset the least that is enough
 * @property {number} least what calls to the service demand
 * @property {number} most what its own calls allow; less than `least` where no move can be right
 *
 * @typedef {{least: number, most: number, against: string}} Bounds
 */

const TOLERANCE_NS = 1_000_000;

/**
 * Finds clocks that cannot be right: a span that starts before the one that caused it, in another
 * service. The first row's service is taken as right, and each that is compared with it, directly or
 * by others, as right once it is moved. Nothing is moved here: the reader decides.
 * @param {Row[]} listed with no clock moved
 * @returns {Estimate[]}
 */
export function estimates(listed) {
  const reference = listed[0]?.span.service;
  if (reference === undefined) return [];
  const known = leads(listed);
  const placed = new Map([[reference, 0]]);
  /** @type {Estimate[]} */
  const found = [];
  // A map goes on to what is added to it meanwhile.
  for (const [service] of placed) {
    for (const next of neighbours(known, service)) {
      if (placed.has(next)) continue;
      const bounds = boundsOf(known, placed, next, service);
      const offset = offsetWithin(bounds);
      placed.set(next, offset);
      if (offset !== 0) found.push({ service: next, offset, ...bounds });
    }
  }
  return found;
}

/**
 * By how much the spans of a service at most begin before what caused them in another one. Pairs of
 * spans whose starts are known count.
 * @param {Row[]} listed
 * @returns {Map<string, Map<string, number>>} by the causing service, then by the other
 */
function leads(listed) {
  /** @type {Map<string, Map<string, number>>} */
  const found = new Map();
  const tree = listed[0]?.tree;
  if (!tree) return found;
  const { columns, data: { of, parent, start, flags } } = tree;
  const { data: { service }, texts } = columns;
  /** @type {Map<number, number>} by both services in one number */
  const most = new Map();
  for (let at = 0; at < of.length; at++) {
    const above = parent[at] ?? -1;
    if (above < 0) continue;
    const [causing, caused] = [service[of[above] ?? 0] ?? 0, service[of[at] ?? 0] ?? 0];
    if (causing === caused || ((flags[at] ?? 0) | (flags[above] ?? 0)) & NO_START) continue;
    const pair = causing * texts.all.length + caused;
    const lead = (start[above] ?? 0) - (start[at] ?? 0);
    if (lead > (most.get(pair) ?? -Infinity)) most.set(pair, lead);
  }
  for (const [pair, lead] of most) {
    const causing = texts.at(Math.floor(pair / texts.all.length));
    const by = found.get(causing) ?? new Map();
    found.set(causing, by);
    by.set(texts.at(pair % texts.all.length), lead);
  }
  return found;
}

/**
 * @param {Map<string, Map<string, number>>} known
 * @param {string} service
 * @returns {string[]} those that it calls, and that call it
 */
function neighbours(known, service) {
  const callers = [...known].filter(([, by]) => by.has(service)).map(([caller]) => caller);
  return [...known.get(service)?.keys() ?? [], ...callers];
}

/**
 * @param {Map<string, Map<string, number>>} known
 * @param {Map<string, number>} placed by how much each clock is moved
 * @param {string} service
 * @param {string} from whence it was come to
 * @returns {Bounds}
 */
function boundsOf(known, placed, service, from) {
  /** @type {Bounds} */
  const bounds = { least: -Infinity, most: Infinity, against: from };
  for (const [other, offset] of placed) {
    const least = offset + (known.get(other)?.get(service) ?? -Infinity);
    const most = offset - (known.get(service)?.get(other) ?? -Infinity);
    if (least > Math.max(bounds.least, TOLERANCE_NS)) bounds.against = other;
    if (most < Math.min(bounds.most, -TOLERANCE_NS)) bounds.against = other;
    bounds.least = Math.max(bounds.least, least);
    bounds.most = Math.min(bounds.most, most);
  }
  return bounds;
}

/**
 * @param {Bounds} bounds
 * @returns {number} the least that brings effects behind their causes
 */
function offsetWithin({ least, most }) {
  if (least > TOLERANCE_NS) return least;
  return most < -TOLERANCE_NS ? most : 0;
}
