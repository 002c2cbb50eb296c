/**
 * The time that is left, in whole seconds.
 * @param {number} untilMs
 * @param {number} nowMs
 * @returns {{minutes: string, seconds: string} | null} null when it is up
 */
export function timeLeft(untilMs, nowMs) {
  const left = Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  if (left === 0) return null;
  return { minutes: String(Math.floor(left / 60)), seconds: String(left % 60).padStart(2, "0") };
}
