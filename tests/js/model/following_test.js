import assert from "node:assert/strict";
import { test } from "node:test";
import { newerThan, orderToShow } from "../../../dashboard/static/dashboard/model/following.js";

const orders = [3, 2, 1].map((second) => ({
  orderId: `o${second}`,
  createdAt: `2026-01-01T00:00:0${second}.000Z`,
}));
const followed = { orders, current: "o1", pinned: "", run: null };

test("the newest order is followed until the reader chooses another", () => {
  assert.equal(orderToShow(followed), "o3");
  assert.equal(orderToShow({ ...followed, pinned: "o1" }), "o1");
  assert.equal(newerThan(orders, "o1"), 2);
});

test("of an experiment the order that the fault hit is shown, not the checks around it", () => {
  const hit = [{ order_id: "o2" }, { order_id: null }];
  const run = { endedAt: "2026-01-01T00:00:04.000Z", orders: hit };
  assert.equal(orderToShow({ ...followed, run }), "o2");
  assert.equal(orderToShow({ ...followed, run: { endedAt: null, orders: [] } }), "o1");
});

test("what is placed after an experiment is followed again", () => {
  const run = { endedAt: "2026-01-01T00:00:02.500Z", orders: [{ order_id: "o2" }] };
  assert.equal(orderToShow({ ...followed, run }), "o3");
});

test("an order stays when none is listed any more", () => {
  assert.equal(orderToShow({ ...followed, orders: [] }), "o1");
  assert.equal(orderToShow({ ...followed, orders: [], current: "" }), "");
});
