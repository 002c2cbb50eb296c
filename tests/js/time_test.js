import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, duration, now } from "../../dashboard/static/dashboard/base/time.js";

test("a duration has the unit that suits it", () => {
  assert.deepEqual([0.25, 3.21, 800, 5012].map(duration), ["250 µs", "3.2 ms", "800 ms", "5.01 s"]);
});

test("a moment is told to the millisecond", () => {
  assert.match(clock("1700000000123999999"), /^\d\d:\d\d:\d\d\.123$/);
});

test("the clock counts nanoseconds since the epoch", () => {
  const difference = Number(now() / 1000000n) - Date.now();
  assert.ok(Math.abs(difference) < 1000);
});
