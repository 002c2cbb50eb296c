import assert from "node:assert/strict";
import { test } from "node:test";
import { flameOf, placedIn } from "../../../dashboard/static/dashboard/model/trace/sums/flame.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import {
  operationsOf,
  percentile,
  sortedBy,
} from "../../../dashboard/static/dashboard/model/trace/sums/statistics.js";
import { anySpans, span } from "./spans.js";

const listed = rows([
  span("root", "", 0, 100, { name: "GET /" }),
  span("q1", "root", 10, 30, { name: "SELECT", service: "db" }),
  span("q2", "root", 40, 50, { name: "SELECT", service: "db", failed: true }),
  span("q3", "q2", 42, 48, { name: "SELECT", service: "db" }),
], 100);

/**
 * @param {import("../../../dashboard/static/dashboard/model/trace/sums/flame.js").Frame} frame
 * @returns {number} the spans in it and below
 */
function countedBelow({ count, children }) {
  return children.reduce((sum, each) => sum + countedBelow(each), count);
}

test("a trace is summed up by service and operation, the most time of its own first", () => {
  assert.deepEqual(operationsOf(listed), [
    {
      service: "api",
      name: "GET /",
      count: 1,
      failed: 0,
      total: 100,
      self: 70,
      p50: 100,
      p95: 100,
    },
    { service: "db", name: "SELECT", count: 3, failed: 1, total: 36, self: 30, p50: 10, p95: 20 },
  ]);
});

test("a percentile is a value that occurs", () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  assert.deepEqual([50, 95, 100].map((each) => percentile(ten, each)), [5, 10, 10]);
  assert.deepEqual([50, 95].map((each) => percentile([7], each)), [7, 7]);
});

test("rows are sorted by numbers or texts, both ways, and equal ones stay", () => {
  const given = [{ n: 2, t: "b" }, { n: 10, t: "a" }, { n: 2, t: "c" }];
  assert.deepEqual(sortedBy(given, ({ n }) => n, true).map(({ t }) => t), ["a", "b", "c"]);
  assert.deepEqual(sortedBy(given, ({ t }) => t, false).map(({ t }) => t), ["a", "b", "c"]);
  assert.deepEqual(sortedBy(given, ({ n }) => n, false).map(({ t }) => t), ["b", "c", "a"]);
});

test("spans of one operation below the same ones are one frame, as wide as their time", () => {
  const root = flameOf(listed);
  const [top] = root.children;
  assert.deepEqual([top?.name, top?.count, top?.self, top?.value], ["GET /", 1, 70, 100]);
  const [query, ...others] = top?.children ?? [];
  assert.deepEqual(others, []);
  assert.deepEqual([query?.count, query?.failed, query?.total, query?.self, query?.value], [
    2,
    1,
    30,
    24,
    30,
  ]);
  assert.deepEqual(query?.children.map(({ count, value }) => [count, value]), [[1, 6]]);
});

test("of any trace each span is in one frame, and no child is wider than its parent", () => {
  for (let seed = 0; seed < 60; seed++) {
    const any = rows(anySpans(seed), 1400);
    const placed = placedIn(flameOf(any));
    assert.equal(countedBelow(flameOf(any)), any.length);
    for (const { frame, left, width } of placed) {
      const above = placed.find((each) => each.frame === frame.parent);
      if (!above) continue;
      assert.ok(left >= above.left - 1e-9 && left + width <= above.left + above.width + 1e-9);
    }
  }
});

test("what is zoomed to fills the width, with those above it", () => {
  const query = flameOf(listed).children[0]?.children[0];
  assert.ok(query);
  assert.deepEqual(placedIn(query).map(({ frame, width }) => [frame.name, frame.depth, width]), [
    ["GET /", 1, 1],
    ["SELECT", 2, 1],
    ["SELECT", 3, 0.2],
  ]);
});
