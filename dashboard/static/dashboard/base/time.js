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
 * Formats a moment as the local time of day with milliseconds.
 * @param {string} nanoseconds since the epoch
 * @returns {string}
 */
export function clock(nanoseconds) {
  const ms = Number(BigInt(nanoseconds) / 1000000n);
  const moment = new Date(ms);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const seconds = `${two(moment.getHours())}:${two(moment.getMinutes())}:${
    two(moment.getSeconds())
  }`;
  return `${seconds}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}

/**
 * Reads the clock in nanoseconds since the epoch, with the microseconds that the browser has.
 * @returns {bigint}
 */
export function now() {
  const precise = performance.timeOrigin + performance.now();
  // A machine that slept leaves the precise clock behind.
  const ms = Math.abs(Date.now() - precise) < 50 ? precise : Date.now();
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
