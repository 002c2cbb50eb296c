import assert from "node:assert/strict";
import { test } from "node:test";
import { differs, waits } from "../../../dashboard/static/dashboard/model/orders.js";

/**
 * @param {string} status
 * @param {import("../../../dashboard/static/dashboard/model/orders.js").Order["reservation"]} reservation
 * @returns {import("../../../dashboard/static/dashboard/model/orders.js").Order}
 */
const order = (status, reservation) => ({
  orderId: "o",
  requestId: "r",
  createdAt: "2026-01-31T12:00:00Z",
  sku: "apple",
  quantity: 1,
  status,
  reservation,
  traceId: null,
  errorKinds: [],
  durationMs: null,
});
const once = (/** @type {string} */ status) => ({ status, count: 1 });

test("the two sides agree", () => {
  assert.equal(differs(order("CONFIRMED", once("RESERVED"))), false);
  assert.equal(differs(order("REJECTED", once("REJECTED"))), false);
  assert.equal(differs(order("PENDING", null)), false);
  assert.equal(differs(order("CANCELLED", null)), false);
  assert.equal(differs(order("CANCELLED", once("RELEASED"))), false);
});

test("the two sides differ", () => {
  assert.equal(differs(order("PENDING", once("RESERVED"))), true);
  assert.equal(differs(order("CONFIRMED", null)), true);
  assert.equal(differs(order("CONFIRMED", { status: "RESERVED", count: 2 })), true);
  assert.equal(differs(order("CANCELLED", once("RESERVED"))), true);
});

test("what is not known does not differ", () => {
  assert.equal(differs(order("PENDING", "unknown")), false);
});

test("an order whose job never came to the worker waits: nobody agrees on it", () => {
  assert.equal(waits(order("PENDING", null)), true);
  assert.equal(waits(order("PENDING", once("RESERVED"))), false);
  assert.equal(waits(order("PENDING", "unknown")), false);
  assert.equal(waits(order("CANCELLED", null)), false);
});
