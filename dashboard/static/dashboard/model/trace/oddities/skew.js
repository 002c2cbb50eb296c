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
 * By how much the spans of a service at most begin before what caused them in another one.
 * @param {Row[]} listed
 * @returns {Map<string, Map<string, number>>} by the causing service, then by the other
 */
function leads(listed) {
  /** @type {Map<string, Map<string, number>>} */
  const found = new Map();
  for (const { parent, child } of crossings(listed)) {
    const by = found.get(parent.span.service) ?? new Map();
    found.set(parent.span.service, by);
    const before = by.get(child.span.service) ?? -Infinity;
    by.set(child.span.service, Math.max(before, parent.start - child.start));
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

/**
 * @param {Row[]} listed
 * @returns {Iterable<{parent: Row, child: Row}>} pairs of spans in two services whose starts are known
 */
function* crossings(listed) {
  /** @type {Row[]} */
  const above = [];
  for (const child of listed) {
    above.length = child.depth;
    const parent = above.at(-1);
    if (
      parent && parent.span.service !== child.span.service && !parent.span.startUnknown &&
      !child.span.startUnknown
    ) yield { parent, child };
    above.push(child);
  }
}
