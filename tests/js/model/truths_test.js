import assert from "node:assert/strict";
import { test } from "node:test";
import { intervals, momentAt } from "../../../dashboard/static/dashboard/model/trace/truths.js";

const at = (/** @type {number} */ moment, value = "PENDING") => ({
  at: moment,
  value,
  text: value,
});

test("moments in which a side does not change are one stretch, the last until the end", () => {
  const found = intervals([at(0), at(5), at(8, "CONFIRMED")], 20);
  assert.deepEqual(found.map(({ from, to, value }) => [from, to, value]), [
    [0, 8, "PENDING"],
    [8, 20, "CONFIRMED"],
  ]);
  assert.deepEqual(intervals([], 9), []);
});

test("the moment that holds is the last one that the cursor has reached", () => {
  const moments = [at(0), at(5), at(8)];
  assert.deepEqual([-1, 0, 4, 5, 100, null].map((cursor) => momentAt(moments, cursor)), [
    0,
    0,
    0,
    1,
    2,
    2,
  ]);
});
