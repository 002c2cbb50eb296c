/**
 * @typedef {object} Dotted A trace as a dot.
 * @property {string} startTimeUnixNano
 * @property {number} durationMs
 *
 * @typedef {object} Dot
 * @property {number} x from 0 to 1, by time
 * @property {number} y from 0 (short) to 1 (long), logarithmic
 */

/**
 * Places traces on a strip.
 * @param {Dotted[]} traces
 * @returns {{dots: Dot[], first: bigint, last: bigint}}
 */
export function strip(traces) {
  const starts = traces.map((trace) => BigInt(trace.startTimeUnixNano));
  let [first, last] = [starts[0] ?? 0n, starts[0] ?? 0n];
  for (const start of starts) {
    if (start < first) first = start;
    if (start > last) last = start;
  }
  const whole = Number(last - first) || 1;
  const longest = longestOf(traces);
  const dots = traces.map((trace, index) => ({
    x: Number((starts[index] ?? first) - first) / whole,
    y: logShare(trace.durationMs, longest),
  }));
  return { dots, first, last };
}

/**
 * @param {Array<{durationMs: number}>} traces
 * @returns {number} milliseconds
 */
export function longestOf(traces) {
  return traces.reduce((most, trace) => Math.max(most, trace.durationMs), 9);
}

/**
 * A duration's share of the longest, logarithmic, so that short ones differ as well.
 * @param {number} ms
 * @param {number} longest milliseconds
 * @returns {number} from 0 to 1
 */
export function logShare(ms, longest) {
  return Math.log10(1 + Math.max(0, ms)) / Math.log10(1 + longest);
}

/**
 * Turns a brushed part of the strip into the two moments that the API takes.
 * @param {bigint} first
 * @param {bigint} last
 * @param {number} from from 0 to 1
 * @param {number} to from 0 to 1
 * @returns {{since: string, until: string}} ISO 8601
 */
export function brushed(first, last, from, to) {
  const [left, right] = from < to ? [from, to] : [to, from];
  const at = (/** @type {number} */ share) => {
    const ns = first + BigInt(Math.round(Number(last - first) * share));
    return new Date(Number(ns / 1000000n));
  };
  // A millisecond beyond, since the API's moments are rounded down.
  return {
    since: at(left).toISOString(),
    until: new Date(at(right).getTime() + 1).toISOString(),
  };
}
