/**
 * Formats milliseconds with a unit that suits them.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(2)} s`;
}

// Thinner than this a span can't be seen.
const MIN_WIDTH = 0.4;

/**
 * Places a span on its trace's axis, in percent.
 * @param {{startTimeUnixNano: string, endTimeUnixNano: string | null}} span
 * @param {bigint} first
 * @param {bigint} last
 * @returns {{left: number, width: number}}
 */
export function place(span, first, last) {
  const whole = Number(last - first) || 1;
  const start = BigInt(span.startTimeUnixNano);
  const end = span.endTimeUnixNano === null ? last : BigInt(span.endTimeUnixNano);
  const width = Math.max(MIN_WIDTH, (Number(end - start) / whole) * 100);
  return { left: Math.min((Number(start - first) / whole) * 100, 100 - width), width };
}
