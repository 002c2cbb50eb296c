import assert from "node:assert/strict";
import { test } from "node:test";
import { leavesOpen, waitMs } from "../../../dashboard/static/dashboard/model/retry.js";

const NO_RESPONSE = { httpStatus: null, orderId: null };

test("only what leaves open what became of the order is retried", () => {
  const open = [NO_RESPONSE, { httpStatus: 409, orderId: null }, {
    httpStatus: 502,
    orderId: null,
  }];
  const settled = [
    { httpStatus: 201, orderId: "o" },
    { httpStatus: 400, orderId: null },
    { httpStatus: 422, orderId: null },
    { httpStatus: 503, orderId: "o" },
  ];
  assert.deepEqual(open.map(leavesOpen), [true, true, true]);
  assert.deepEqual(settled.map(leavesOpen), [false, false, false, false]);
});

test("waits double up to a bound, half of each by chance", () => {
  const least = [1, 2, 3, 4, 5, 6].map((n) => waitMs(n, NO_RESPONSE, { spentMs: 0, chance: 0 }));
  const most = [1, 2, 3, 4, 5, 6].map((n) => waitMs(n, NO_RESPONSE, { spentMs: 0, chance: 1 }));
  assert.deepEqual(least, [100, 200, 400, 800, 1000, 1000]);
  assert.deepEqual(most, [200, 400, 800, 1600, 2000, 2000]);
});

test("attempts and time are bounded", () => {
  assert.equal(waitMs(8, NO_RESPONSE, { spentMs: 0, chance: 0 }), null);
  assert.equal(waitMs(2, NO_RESPONSE, { spentMs: 15001, chance: 0 }), null);
});
