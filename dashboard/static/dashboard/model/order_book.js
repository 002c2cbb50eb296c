/**
 * @typedef {import("./orders.js").Order} Order
 *
 * @typedef {object} Listed
 * @property {Order[]} orders newest first
 * @property {boolean} apiAnswers
 * @property {boolean} workerAnswers
 *
 * @typedef {Partial<Listed> & {number: number, any?: boolean}} Frame What the feed says of orders:
 *   those that have changed, or that any may have; neither when it only repeats its number.
 */

/** The newest orders: a list that was read, and the frames of the feed since then. */
export class OrderBook {
  /** @type {Listed} */
  listed = { orders: [], apiAnswers: true, workerAnswers: true };
  /** The number of the newest frame. */
  #number = 0;
  #limit;

  /** @param {number} limit how many orders are kept */
  constructor(limit) {
    this.#limit = limit;
  }

  /**
   * Begins anew with a list that was read.
   * @param {Listed} listed
   * @returns {void}
   */
  replace({ orders, apiAnswers, workerAnswers }) {
    // While the API does not answer, what was known of its orders is still the best that there is.
    this.listed = {
      orders: apiAnswers ? orders : this.listed.orders,
      apiAnswers,
      workerAnswers,
    };
  }

  /**
   * The feed begins anew, after the frame of a number.
   * @param {number} number
   * @returns {void}
   */
  restart(number) {
    this.#number = number;
  }

  /**
   * Takes in a frame.
   * @param {Frame} frame
   * @returns {boolean} whether the list is now as the feed has it; if not, it is to be read
   */
  take(frame) {
    const isNews = frame.any === true || frame.orders !== undefined;
    const expected = this.#number + Number(isNews);
    this.#number = frame.number;
    if (frame.orders) this.#merge(frame.orders, frame);
    return frame.number === expected && !frame.any;
  }

  /**
   * @param {Order[]} changed
   * @param {Partial<Listed>} frame
   * @returns {void}
   */
  #merge(changed, { apiAnswers = true, workerAnswers = true }) {
    const byId = new Map(this.listed.orders.map((order) => [order.orderId, order]));
    for (const order of changed) byId.set(order.orderId, order);
    const orders = [...byId.values()].sort(newestFirst).slice(0, this.#limit);
    this.listed = { orders, apiAnswers, workerAnswers };
  }
}

/**
 * @param {Order} a
 * @param {Order} b
 * @returns {number}
 */
function newestFirst(a, b) {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.orderId < b.orderId ? 1 : -1;
}
