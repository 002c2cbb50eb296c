/**
 * @typedef {{count: number, errorCount: number}} Counts
 *
 * @typedef {object} Distribution How the traces that the filters find are spread.
 * @property {number} count
 * @property {number} errorCount
 * @property {boolean} more whether there are older ones, which are not counted
 * @property {{buckets: Array<Counts & {fromMs: number, toMs: number}>, percentiles: Record<string, number>}} durations
 * @property {{fromUnixNano: string, toUnixNano: string, buckets: Counts[]}} moments
 *
 * @typedef {object} Column of a histogram; shares are from 0 to 1.
 * @property {number} x
 * @property {number} width
 * @property {number} height of all of them
 * @property {number} failed height of those with an error
 */

const NS_A_SECOND = 1e9;
/** Closer to each other, names would lie over each other. */
const APART = 0.1;

/**
 * Lays out a histogram. What is rare beside what is frequent keeps a height that is seen.
 * @param {Counts[]} buckets
 * @returns {Column[]} one for each bucket that is not empty
 */
export function columns(buckets) {
  const most = buckets.reduce((highest, { count }) => Math.max(highest, count), 1);
  const width = 1 / Math.max(1, buckets.length);
  const height = (/** @type {number} */ count) => count && Math.max(0.04, count / most);
  return buckets.flatMap(({ count, errorCount }, at) =>
    count ? [{ x: at * width, width, height: height(count), failed: height(errorCount) }] : []
  );
}

/**
 * Where a duration stands on the logarithmic axis of the buckets.
 * @param {Distribution["durations"]["buckets"]} buckets
 * @param {number} ms
 * @returns {number} from 0 to 1
 */
export function placeOf(buckets, ms) {
  const [low, high] = [buckets[0]?.fromMs ?? 1, buckets.at(-1)?.toMs ?? 10];
  const share = (Math.log10(ms) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
  return Math.min(1, Math.max(0, share));
}

/**
 * Where percentiles are marked; those that lie close to each other have one mark.
 * @param {Distribution["durations"]["buckets"]} buckets
 * @param {Record<string, number>} percentiles in milliseconds
 * @returns {Array<{name: string, place: number}>}
 */
export function percentileMarks(buckets, percentiles) {
  /** @type {Array<{name: string, place: number}>} */
  const marks = [];
  for (const [percentile, ms] of Object.entries(percentiles)) {
    const place = placeOf(buckets, ms);
    let names = [percentile];
    // A mark's names stand before it, so that one of several needs more room.
    while (place - (marks.at(-1)?.place ?? -Infinity) < APART * names.length) {
      names = (marks.pop()?.name.split(" ") ?? []).concat(names);
    }
    marks.push({ name: names.join(" "), place });
  }
  return marks;
}

/**
 * The decades that an axis of durations names, as many as there is room for.
 * @param {Distribution["durations"]["buckets"]} buckets
 * @param {number} most
 * @returns {number[]} milliseconds
 */
export function decades(buckets, most = 5) {
  const [low, high] = [buckets[0]?.fromMs, buckets.at(-1)?.toMs];
  if (!low || !high) return [];
  const first = Math.round(Math.log10(low));
  const count = Math.round(Math.log10(high)) - first;
  const step = Math.ceil(count / (most - 1)) || 1;
  return Array.from({ length: Math.floor(count / step) + 1 }, (_, at) => 10 ** (first + at * step));
}

/**
 * Turns a brushed part of the axis of durations into what the API takes.
 * @param {Distribution["durations"]["buckets"]} buckets
 * @param {number} from from 0 to 1
 * @param {number} to from 0 to 1
 * @returns {{minMs: string, maxMs: string}}
 */
export function brushedDurations(buckets, from, to) {
  const [low, high] = [buckets[0]?.fromMs ?? 1, buckets.at(-1)?.toMs ?? 10];
  const at = (/** @type {number} */ share) =>
    String(Number((low * (high / low) ** share).toPrecision(3)));
  return { minMs: at(Math.min(from, to)), maxMs: at(Math.max(from, to)) };
}

/**
 * Turns a brushed part of the axis of time into the two moments that the API takes.
 * @param {bigint} first
 * @param {bigint} last
 * @param {number} from from 0 to 1
 * @param {number} to from 0 to 1
 * @returns {{since: string, until: string}} ISO 8601
 */
export function brushedMoments(first, last, from, to) {
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

/**
 * How many traces began in a second.
 * @param {Distribution} distribution
 * @returns {number | null} null where it would mean nothing
 */
export function rate({ count, moments: { fromUnixNano, toUnixNano } }) {
  if (count < 2) return null;
  const seconds = Number(BigInt(toUnixNano) - BigInt(fromUnixNano)) / NS_A_SECOND;
  return seconds > 0 ? count / seconds : null;
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
