/**
 * When a client asks again with the same `Idempotency-Key`: pure.
 */

const MOST_ATTEMPTS = 8;
const LONGEST_MS = 15000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000;
const CONFLICT = 409;
const SERVER_ERROR = 500;

/**
 * Whether an answer leaves open what became of the order: there was none, the first request is still
 * being worked at, or something failed without naming the order.
 * @param {{httpStatus: number | null, orderId: string | null}} learned
 * @returns {boolean}
 */
export function leavesOpen({ httpStatus, orderId }) {
  if (httpStatus === null || httpStatus === CONFLICT) return true;
  return httpStatus >= SERVER_ERROR && orderId === null;
}

/**
 * Milliseconds to wait after an attempt; null when there is no next.
 * @param {number} attempt from 1
 * @param {{httpStatus: number | null, orderId: string | null}} learned
 * @param {{spentMs: number, chance: number}} so far, and a number from 0 to 1: half of the wait is
 *   by chance, so that clients that failed together do not come back together
 * @returns {number | null}
 */
export function waitMs(attempt, learned, { spentMs, chance }) {
  if (!leavesOpen(learned) || attempt >= MOST_ATTEMPTS || spentMs > LONGEST_MS) return null;
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(most / 2 + (most / 2) * chance);
}
