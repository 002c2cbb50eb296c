import { coalesced, oneAtATime } from "../base/scheduling.js";
import { OrderBook } from "../model/order_book.js";
import { fetchJson } from "./api.js";

/**
 * @typedef {import("../model/order_book.js").Frame} Frame
 */

const READ_MS = 120;
const RETRY_MS = 2000;

/**
 * The newest orders as both services hold them: read once on connect, after a gap and where a frame
 * is missing, and else kept up by the feed. Sends `change` when they are others.
 */
export class LiveOrders extends EventTarget {
  #book;
  #limit;
  /** @type {Frame[]} that came while the list was being read */
  #meanwhile = [];
  #reading = false;

  /**
   * Reads the list again, soon, and once for many calls.
   * @type {() => void}
   */
  read = coalesced(oneAtATime(() => this.#read()), READ_MS);

  /**
   * @param {import("./feed.js").Feed} feed
   * @param {{limit: number}} options
   */
  constructor(feed, { limit }) {
    super();
    this.#limit = limit;
    this.#book = new OrderBook(limit);
    feed.addEventListener("hello", (event) => {
      this.#book.restart(/** @type {CustomEvent} */ (event).detail.ordersNumber);
      this.read();
    });
    feed.addEventListener("orders", (event) => {
      this.#take(/** @type {CustomEvent<Frame>} */ (event).detail);
    });
  }

  /** @returns {import("../model/order_book.js").Listed} */
  get listed() {
    return this.#book.listed;
  }

  /**
   * @param {Frame} frame
   * @returns {void}
   */
  #take(frame) {
    if (this.#reading) this.#meanwhile.push(frame);
    if (!this.#book.take(frame)) this.read();
    if (frame.orders) this.dispatchEvent(new Event("change"));
  }

  /** @returns {Promise<void>} */
  async #read() {
    this.#meanwhile = [];
    this.#reading = true;
    try {
      this.#book.replace(await fetchJson(`/api/orders?limit=${this.#limit}`));
      // What a frame says may be newer than what was read before it came.
      for (const frame of this.#meanwhile) this.#book.take(frame);
      this.dispatchEvent(new Event("change"));
    } catch {
      setTimeout(this.read, RETRY_MS);
    } finally {
      this.#reading = false;
    }
  }
}
