import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, place } from "../../dashboard/static/dashboard/base/time.js";

test("a duration has the unit that suits it", () => {
  assert.deepEqual([0.25, 3.21, 800, 5012].map(duration), ["250 µs", "3.2 ms", "800 ms", "5.01 s"]);
});

test("a span lies on its trace's axis in percent", () => {
  const span = { startTimeUnixNano: "1000000000000000250", endTimeUnixNano: "1000000000000000750" };
  const first = 1000000000000000000n;
  assert.deepEqual(place(span, first, first + 1000n), { left: 25, width: 50 });
});

test("a span without an end reaches to the end of what is known", () => {
  const span = { startTimeUnixNano: "500", endTimeUnixNano: null };
  assert.deepEqual(place(span, 0n, 1000n), { left: 50, width: 50 });
});

test("a span at the very end can still be seen", () => {
  const span = { startTimeUnixNano: "1000", endTimeUnixNano: "1000" };
  const where = place(span, 0n, 1000n);
  assert.equal(where.left + where.width, 100);
});
