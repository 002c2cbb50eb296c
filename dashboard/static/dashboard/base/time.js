/** From when on minutes are easier to read than seconds. */
const LONG_MS = 120_000;
const DAY_MS = 86_400_000;

/**
 * Formats milliseconds with a unit that suits them.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < LONG_MS) return `${(ms / 1000).toFixed(2)} s`;
  const minutes = Math.round(ms / 60_000);
  if (ms < LONG_MS * 60) return `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  return days ? `${days} d ${hours} h` : `${hours} h ${minutes % 60} min`;
}

/**
 * Formats milliseconds to the millisecond, for moments that stand close to each other.
 * @param {number} ms
 * @returns {string}
 */
export function exactTime(ms) {
  if (ms < 0.0005) return "0 ms";
  return ms < 1000 || ms >= LONG_MS ? duration(ms) : `${(ms / 1000).toFixed(3)} s`;
}

/**
 * Formats a moment as the local time of day with milliseconds.
 * @param {string} nanoseconds since the epoch
 * @returns {string}
 */
export function clock(nanoseconds) {
  const ms = Number(BigInt(nanoseconds) / 1000000n);
  const moment = new Date(ms);
  return `${timeOfDay(moment)}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}

/**
 * Whether a moment is within a day from now, so that its time of day says when it was.
 * @param {string} nanoseconds since the epoch
 * @returns {boolean}
 */
export function isRecent(nanoseconds) {
  return Math.abs(Date.now() - Number(BigInt(nanoseconds) / 1000000n)) < DAY_MS;
}

/**
 * Formats a moment in the room that its time of day takes, as every language does: that of another
 * day as month, day and time, of another year as the date.
 * @param {string} nanoseconds since the epoch
 * @returns {string}
 */
export function briefly(nanoseconds) {
  if (isRecent(nanoseconds)) return clock(nanoseconds);
  const moment = new Date(Number(BigInt(nanoseconds) / 1000000n));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return moment.getFullYear() === new Date().getFullYear()
    ? `${day} ${timeOfDay(moment).slice(0, 5)}`
    : `${moment.getFullYear()}-${day}`;
}

/**
 * Formats a moment as the local time of day; with the date, where that is not today's.
 * @param {string} nanoseconds since the epoch
 * @returns {string}
 */
export function whole(nanoseconds) {
  if (isRecent(nanoseconds)) return clock(nanoseconds);
  return dateAndTime(new Date(Number(BigInt(nanoseconds) / 1000000n)).toISOString());
}

/**
 * Formats a moment as the local time of day, in the same width in every language.
 * @param {Date} moment
 * @returns {string}
 */
export function timeOfDay(moment) {
  const parts = [moment.getHours(), moment.getMinutes(), moment.getSeconds()];
  return parts.map((value) => String(value).padStart(2, "0")).join(":");
}

/**
 * Formats a moment as a date with its time, in the language of the page.
 * @param {string} moment in ISO 8601
 * @returns {string}
 */
export function dateAndTime(moment) {
  return new Date(moment).toLocaleString(document.documentElement.lang);
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
