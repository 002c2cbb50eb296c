import assert from "node:assert/strict";
import { test } from "node:test";
import { OrderBook } from "../../../dashboard/static/dashboard/model/order_book.js";

/** @typedef {import("../../../dashboard/static/dashboard/model/orders.js").Order} Order */

/**
 * @param {string} orderId
 * @param {number} second
 * @param {string} [status]
 * @returns {Order}
 */
const order = (orderId, second, status = "PENDING") => ({
  orderId,
  requestId: "r",
  createdAt: `2026-01-31T12:00:0${second}.000Z`,
  sku: "apple",
  quantity: 1,
  status,
  reservation: null,
  traceId: null,
  errorKinds: [],
  durationMs: null,
});
const both = { apiAnswers: true, workerAnswers: true };

/** @param {OrderBook} book */
const shown = (book) => book.listed.orders.map((each) => `${each.orderId} ${each.status}`);

test("a frame changes the orders that it names and adds new ones in their place", () => {
  const book = new OrderBook(3);
  book.replace({ orders: [order("b", 2), order("a", 1)], ...both });
  book.restart(3);
  const frame = { orders: [order("a", 1, "CONFIRMED"), order("c", 3)], ...both, number: 4 };
  assert.equal(book.take(frame), true);
  assert.deepEqual(shown(book), ["c PENDING", "b PENDING", "a CONFIRMED"]);
  book.take({ orders: [order("d", 4)], ...both, number: 5 });
  assert.deepEqual(shown(book), ["d PENDING", "c PENDING", "b PENDING"]);
});

test("a missing frame is noticed by the next one, and by the number that is repeated", () => {
  const book = new OrderBook(3);
  book.restart(6);
  assert.equal(book.take({ orders: [], number: 7 }), true);
  assert.equal(book.take({ orders: [], number: 9 }), false);
  assert.equal(book.take({ number: 9 }), true);
  assert.equal(book.take({ number: 10 }), false);
  assert.equal(book.take({ number: 10 }), true);
  book.restart(0);
  assert.equal(book.take({ orders: [], number: 1 }), true);
});

test("that any order may have changed means to read", () => {
  const book = new OrderBook(3);
  assert.equal(book.take({ any: true, number: 1 }), false);
  assert.equal(book.take({ orders: [], number: 2 }), true);
});

test("while the API does not answer the orders that are known stay", () => {
  const book = new OrderBook(3);
  book.replace({ orders: [order("a", 1)], ...both });
  book.replace({ orders: [], apiAnswers: false, workerAnswers: true });
  assert.deepEqual(shown(book), ["a PENDING"]);
  assert.equal(book.listed.apiAnswers, false);
  book.take({ orders: [], apiAnswers: true, workerAnswers: false, number: 1 });
  assert.deepEqual([book.listed.apiAnswers, book.listed.workerAnswers], [true, false]);
});
