/** @typedef {import("../rows.js").Row} Row */

/** Between the steps of a path. */
export const BELOW = " › ";

/**
 * The places of the spans to which a path leads, step by step from a root, each a service and a name.
 * @param {readonly Row[]} listed
 * @param {string} path in any case
 * @returns {Set<number>}
 */
export function onPath(listed, path) {
  const wanted = path.toLowerCase();
  /** @type {Set<number>} */
  const found = new Set();
  /** How much of the path leads to the last row of each depth; -1 where it leads elsewhere. */
  /** @type {number[]} */
  const matched = [];
  listed.forEach(({ span, depth }, at) => {
    const before = depth ? matched[depth - 1] ?? -1 : 0;
    const step = `${depth ? BELOW : ""}${span.service} ${span.name}`.toLowerCase();
    const leads = before >= 0 && wanted.startsWith(step, before);
    matched[depth] = leads ? before + step.length : -1;
    if (matched[depth] === wanted.length) found.add(at);
  });
  return found;
}
