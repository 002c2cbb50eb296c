const MOST_ATTEMPTS = 8;
const LONGEST_MS = 15000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000;
const CONFLICT = 409;
const SERVER_ERROR = 500;

/**
 * Whether an attempt leaves open what became of the order: there was no response, the first request
 * is still in progress, or something failed without naming the order.
 * @param {{httpStatus: number | null, orderId: string | null}} outcome
 * @returns {boolean}
 */
export function leavesOpen({ httpStatus, orderId }) {
  if (httpStatus === null || httpStatus === CONFLICT) return true;
  return httpStatus >= SERVER_ERROR && orderId === null;
}

/**
 * Milliseconds to wait after an attempt before the same request, with its `Idempotency-Key`, is sent
 * again; null when it is not.
 * @param {number} attempt from 1
 * @param {{httpStatus: number | null, orderId: string | null}} outcome
 * @param {{spentMs: number, chance: number}} so far, and a number from 0 to 1: half of the wait is
 *   by chance, so that clients that failed together do not come back together
 * @returns {number | null}
 */
export function waitMs(attempt, outcome, { spentMs, chance }) {
  if (!leavesOpen(outcome) || attempt >= MOST_ATTEMPTS || spentMs > LONGEST_MS) return null;
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(most / 2 + (most / 2) * chance);
}
