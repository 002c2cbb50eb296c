import { BELOW } from "../trace/find/path.js";

/** @typedef {import("./comparison.js").Pair} Pair */

/** Characters of a path that an address has room for. */
const LONGEST = 1500;

/**
 * The address of a step in one of the traces that have it: of a single span that span, of several all
 * of them.
 * @param {string} traceId
 * @param {import("./comparison.js").Sum} sum
 * @param {readonly Pair[]} path from a root to it
 * @returns {string}
 */
export function addressOf(traceId, sum, path) {
  const query = new URLSearchParams();
  const steps = path.map(({ service, name }) => `${service} ${name}`).join(BELOW);
  // What the find language cannot say leads to the slowest of them.
  const sayable = !steps.includes('"') && steps.length <= LONGEST;
  if (sum.count > 1 && sayable) query.set("find", `path="${steps}"`);
  else query.set("span", sum.slowest);
  return `/traces/${traceId}?${query}`;
}
