/**
 * @typedef {object} Run
 * @property {string | null} endedAt null while it is in progress
 * @property {Array<{order_id: string | null}>} orders that it placed while its fault was in force
 *
 * @typedef {object} Followed
 * @property {Array<{orderId: string, createdAt: string}>} orders the newest first
 * @property {string} current which is shown; empty for none
 * @property {string} pinned which the reader chose; empty while the newest is followed
 * @property {Run | null} run the last experiment that was begun here
 */

/**
 * Which order is to be shown: the one that the reader chose, else the newest. Of an experiment it is
 * the one that its fault hit, for as long as nothing was placed after it.
 * @param {Followed} followed
 * @returns {string} empty when there is none
 */
export function orderToShow({ orders, current, pinned, run }) {
  const [newest] = orders;
  if (pinned || !newest) return pinned || current;
  const until = run && (run.endedAt ? Date.parse(run.endedAt) : Infinity);
  if (until === null || Date.parse(newest.createdAt) > until) return newest.orderId;
  const hit = run?.orders.findLast((each) => each.order_id)?.order_id;
  return hit ?? (current || newest.orderId);
}

/**
 * How many orders are newer than one.
 * @param {Array<{orderId: string}>} orders the newest first
 * @param {string} orderId
 * @returns {number}
 */
export function newerThan(orders, orderId) {
  const at = orders.findIndex((each) => each.orderId === orderId);
  return at < 0 ? orders.length : at;
}
