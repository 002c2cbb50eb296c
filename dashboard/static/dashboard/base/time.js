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
  return {
    left: (Number(start - first) / whole) * 100,
    width: Math.max(0.3, (Number(end - start) / whole) * 100),
  };
}
