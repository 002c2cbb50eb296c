/**
 * @typedef {object} Order One order as both services hold it.
 * @property {string} orderId
 * @property {string} requestId
 * @property {string} createdAt
 * @property {string} sku
 * @property {number} quantity
 * @property {string} status what the API believes
 * @property {{status: string, count: number} | "unknown" | null} reservation what the worker did
 * @property {string | null} traceId
 * @property {string[]} errorKinds
 * @property {number | null} durationMs
 */

/**
 * Whether the API waits for the worker, which has nothing for the order: they don't differ, and
 * don't agree either.
 * @param {Order} order
 * @returns {boolean}
 */
export function waits({ status, reservation }) {
  return status === "PENDING" && reservation === null;
}

/**
 * Whether the two sides hold different things of an order.
 * @param {Order} order
 * @returns {boolean}
 */
export function differs(order) {
  const { reservation, status } = order;
  if (reservation === "unknown") return false;
  if (status === "CANCELLED") return reservation !== null && reservation.status === "RESERVED";
  if (reservation === null) return status !== "PENDING";
  if (reservation.count > 1) return true;
  return status !== (reservation.status === "RESERVED" ? "CONFIRMED" : "REJECTED");
}
