/**
 * @typedef {import("./trace.js").Row} Row
 * @typedef {{service: string, offset: number, against: string}} Estimate
 *   By how many nanoseconds a service's clock has to be moved, at least, so that no effect comes
 *   before its cause; `against` is the service that it is compared with.
 */

const TOLERANCE_NS = 1_000_000;

/**
 * Finds clocks that cannot be right: a span that starts before the one that caused it, in another
 * service. The first row's service is taken as right. Nothing is moved here: whoever looks decides.
 * @param {Row[]} listed with no clock moved
 * @returns {Estimate[]}
 */
export function estimates(listed) {
  const reference = listed[0]?.span.service;
  if (reference === undefined) return [];
  /** @type {Map<string, {least: number, most: number, against: string}>} */
  const bounds = new Map();
  for (const { parent, child } of crossings(listed)) {
    if (child.span.service === reference) {
      const known = boundsOf(bounds, parent.span.service, reference);
      known.most = Math.min(known.most, child.start - parent.start);
    } else if (parent.span.service === reference) {
      const known = boundsOf(bounds, child.span.service, reference);
      known.least = Math.max(known.least, parent.start - child.start);
    }
  }
  return [...bounds]
    .map(([service, { least, most, against }]) => ({
      service,
      against,
      offset: least > TOLERANCE_NS ? least : most < -TOLERANCE_NS ? most : 0,
    }))
    .filter(({ offset }) => offset !== 0);
}

/**
 * @param {Row[]} listed
 * @returns {Iterable<{parent: Row, child: Row}>} pairs of spans in two services
 */
function* crossings(listed) {
  /** @type {Row[]} */
  const above = [];
  for (const child of listed) {
    above.length = child.depth;
    const parent = above.at(-1);
    if (parent && parent.span.service !== child.span.service) yield { parent, child };
    above.push(child);
  }
}

/**
 * @param {Map<string, {least: number, most: number, against: string}>} bounds
 * @param {string} service
 * @param {string} against
 * @returns {{least: number, most: number, against: string}}
 */
function boundsOf(bounds, service, against) {
  const known = bounds.get(service) ?? { least: -Infinity, most: Infinity, against };
  bounds.set(service, known);
  return known;
}
