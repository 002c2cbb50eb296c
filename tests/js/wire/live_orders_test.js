import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { LiveOrders } from "../../../dashboard/static/dashboard/wire/live_orders.js";

const fetched = globalThis.fetch;
/** @type {Array<() => void>} */
let answers = [];
let status = "PENDING";

afterEach(() => {
  globalThis.fetch = fetched;
  answers = [];
});

const row = (/** @type {string} */ now) => ({
  orderId: "a",
  createdAt: "2026-01-31T12:00:00Z",
  status: now,
});

/** A feed, a list that is answered when the test says so, and the orders kept from both. */
function begin() {
  globalThis.fetch = () => {
    const orders = [row(status)];
    const body = { orders, next: null, apiAnswers: true, workerAnswers: true };
    return new Promise((resolve) => answers.push(() => resolve(Response.json(body))));
  };
  const feed = new EventTarget();
  const live = new LiveOrders(/** @type {any} */ (feed), { limit: 50 });
  /** @type {(type: string, detail?: object) => void} */
  const send = (type, detail) => {
    feed.dispatchEvent(new CustomEvent(type, { detail }));
  };
  const changed = () =>
    new Promise((resolve) => live.addEventListener("change", resolve, { once: true }));
  return { live, send, changed };
}

/** @param {number} count how many requests are awaited */
async function requested(count) {
  while (answers.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

const statusOf = (/** @type {LiveOrders} */ live) => live.listed.orders[0]?.status;

test("the list is read once on connect, and kept up by frames", async () => {
  const { live, send, changed } = begin();
  status = "PENDING";
  send("hello", { ordersNumber: 0 });
  await requested(1);
  const read = changed();
  answers[0]?.();
  await read;
  assert.equal(statusOf(live), "PENDING");
  const taken = changed();
  send("orders", { number: 1, orders: [row("CONFIRMED")] });
  await taken;
  assert.equal(statusOf(live), "CONFIRMED");
  assert.equal(answers.length, 1);
});

test("what a frame says while the list is being read is not undone by the list", async () => {
  const { live, send, changed } = begin();
  status = "PENDING";
  send("hello", { ordersNumber: 0 });
  await requested(1);
  send("orders", { number: 1, orders: [row("CONFIRMED")] });
  const read = changed();
  answers[0]?.();
  await read;
  assert.equal(statusOf(live), "CONFIRMED");
});

test("a frame that is missing has the list read again", async () => {
  const { live, send, changed } = begin();
  send("orders", { number: 1, orders: [row("PENDING")] });
  status = "CONFIRMED";
  send("orders", { number: 2 });
  await requested(1);
  const read = changed();
  answers[0]?.();
  await read;
  assert.equal(statusOf(live), "CONFIRMED");
});
