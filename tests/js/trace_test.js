import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, rows } from "../../dashboard/static/dashboard/model/trace.js";

/** @typedef {import("../../dashboard/static/dashboard/model/trace.js").WireSpan} WireSpan */

/**
 * @param {string} spanId
 * @param {string | null} parentSpanId
 * @param {number} start
 * @param {number | null} end
 * @param {WireSpan["state"]} [state]
 * @returns {WireSpan}
 */
const span = (spanId, parentSpanId, start, end, state = "ended") => ({
  spanId,
  parentSpanId,
  name: spanId,
  kind: "INTERNAL",
  service: "api",
  startTimeUnixNano: String(start),
  endTimeUnixNano: end === null ? null : String(end),
  state,
  status: { code: "UNSET", message: "" },
  errorKind: null,
  attributes: {},
  events: [],
});

test("children follow their parent in the order of their start", () => {
  const listed = rows(
    [span("b", "a", 30, 40), span("a", null, 10, 90), span("c", "a", 20, 25)],
    90n,
  );
  assert.deepEqual(listed.map((row) => [row.span.spanId, row.depth]), [["a", 0], ["c", 1], [
    "b",
    1,
  ]]);
});

test("a span whose parent is missing is a root, and said to be an orphan", () => {
  const [row] = rows([span("a", "gone", 1, 2)], 2n);
  assert.equal(row?.orphan, true);
  assert.equal(rows([span("a", null, 1, 2)], 2n)[0]?.orphan, false);
});

test("a child that ends after its parent is said to outlive it", () => {
  const listed = rows([span("a", null, 0, 5), span("b", "a", 1, 9)], 9n);
  assert.deepEqual(listed.map((row) => row.outlives), [false, true]);
});

test("an open span reaches to the end of the trace", () => {
  assert.equal(rows([span("a", null, 0, null, "open")], 50n)[0]?.end, 50n);
});

test("every span is shown once, whatever parents are claimed", () => {
  let seed = 3;
  const random = (/** @type {number} */ limit) => (seed = (seed * 16807) % 2147483647) % limit;
  for (let round = 0; round < 200; round++) {
    const spans = Array.from({ length: 1 + random(15) }, (_, n) => {
      const start = random(100);
      return span(`s${n}`, random(4) ? `s${random(18)}` : null, start, start + random(100));
    });
    const listed = rows(spans, 200n).map((row) => row.span.spanId);
    assert.deepEqual([...listed].sort(), spans.map((each) => each.spanId).sort());
  }
});

test("the extent holds spans and logs, and is empty for nothing", () => {
  const found = extent([span("a", null, 10, 20)], [{ timeUnixNano: "5" }, { timeUnixNano: "25" }]);
  assert.deepEqual(found, { first: 5n, last: 25n });
  assert.deepEqual(extent([], []), { first: 0n, last: 0n });
});
