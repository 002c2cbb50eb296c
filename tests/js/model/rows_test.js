import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ancestorsOf,
  childrenOf,
  parentOf,
  rows,
  visible,
  withinServices,
} from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { extent } from "../../../dashboard/static/dashboard/model/trace/columns/extent.js";
import { SpanColumns } from "../../../dashboard/static/dashboard/model/trace/columns/span_columns.js";
import { anySpans, seeded, span } from "./spans.js";

test("children follow their parent in the order of their start", () => {
  const listed = rows([span("b", "a", 30, 40), span("a", "", 10, 90), span("c", "a", 20, 25)], 90);
  const found = listed.map((row) => `${row.span.spanId}${row.depth}`);
  assert.deepEqual(found, ["a0", "c1", "b1"]);
});

test("a span whose parent is missing is a root, marked as an orphan", () => {
  assert.equal(rows([span("a", "gone", 1, 2)], 2)[0]?.orphan, true);
  assert.equal(rows([span("a", "", 1, 2)], 2)[0]?.orphan, false);
});

test("a child that ends after its parent, or starts before it, is marked", () => {
  const listed = rows([span("a", "", 3, 5), span("b", "a", 4, 9), span("c", "a", 1, 4)], 9);
  assert.deepEqual(listed.map((row) => [row.span.spanId, row.outlives, row.early]), [
    ["a", false, false],
    ["c", false, true],
    ["b", true, false],
  ]);
});

test("an open span reaches to the end of the trace", () => {
  assert.equal(rows([span("a", "", 0, null)], 50)[0]?.end, 50);
});

test("a clock that is moved moves the spans of its service alone", () => {
  const listed = rows(
    [span("a", "", 0, 10), span("b", "a", 2, 4, { service: "worker" })],
    10,
    { worker: 3 },
  );
  assert.deepEqual(listed.map((row) => [row.start, row.end]), [[0, 10], [5, 7]]);
});

test("every span is shown once, whatever parents are claimed", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const spans = anySpans(seed);
    const listed = rows(spans, 2000);
    assert.deepEqual(
      listed.map((row) => row.span.spanId).sort(),
      spans.map((each) => each.spanId).sort(),
    );
  }
});

test("the rows below a row are those up to its end, all deeper, and its children are one deeper", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const listed = rows(anySpans(seed), 2000);
    listed.forEach((row, at) => {
      assert.ok(row.next > at && row.next <= listed.length);
      for (const below of listed.slice(at + 1, row.next)) assert.ok(below.depth > row.depth);
      assert.ok((listed[row.next]?.depth ?? 0) <= row.depth);
      for (const child of childrenOf(listed, at)) {
        assert.equal(listed[child]?.depth, row.depth + 1);
      }
    });
  }
});

test("what is folded away is what stands below a folded row, and nothing else", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const listed = rows(anySpans(seed), 2000);
    const random = seeded(seed);
    const folded = new Set(listed.filter(() => !random(3)).map((row) => row.span.spanId));
    const shown = new Set(visible(listed, folded));
    listed.forEach((_, at) => {
      const above = listed.some((other, place) =>
        place < at && other.next > at && folded.has(other.span.spanId)
      );
      assert.equal(shown.has(at), !above);
    });
  }
  assert.equal(visible(rows(anySpans(3), 2000), new Set()).length, rows(anySpans(3), 2000).length);
});

test("a hundred thousand spans, deep or wide, need no recursion", () => {
  const many = 100_000;
  const deep = Array.from({ length: many }, (_, n) => span(`s${n}`, n ? `s${n - 1}` : "", n, many));
  assert.equal(rows(deep, many).at(-1)?.depth, many - 1);
  const wide = Array.from({ length: many }, (_, n) => span(`s${n}`, n ? "s0" : "", n, many));
  assert.equal(rows(wide, many)[0]?.next, many);
});

test("the extent holds spans and logs, and is empty for nothing", () => {
  const found = extent([span("a", "", 10, 20)], [{ service: "api", at: 5 }, {
    service: "api",
    at: 25,
  }]);
  assert.deepEqual(found, { first: 5, last: 25 });
  assert.deepEqual(extent([], []), { first: 0, last: 0 });
});

test("what stays within a service can be folded, what leaves it can not", () => {
  const worker = { service: "worker" };
  const listed = rows([
    span("root", "", 0, 90),
    span("call", "root", 1, 80),
    span("work", "call", 2, 70, worker),
    span("part", "work", 3, 60, worker),
    span("own", "root", 81, 89),
  ], 90);
  assert.deepEqual([...withinServices(listed)], ["work"]);
});

test("a row's parent and those above it are found from the row alone", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const listed = rows(anySpans(seed), 1500);
    listed.forEach((_row, at) => {
      const above = listed.flatMap((row, place) => place < at && row.next > at ? [place] : []);
      assert.deepEqual(ancestorsOf(listed, at), above.reverse());
      assert.equal(parentOf(listed, at), above[0] ?? null);
    });
  }
});

test("a span that names itself as its parent is a root and no orphan", () => {
  const [row] = rows([span("a", "a", 1, 2)], 2);
  assert.deepEqual([row?.depth, row?.selfParent, row?.orphan], [0, true, false]);
});

test("an end before its start is drawn without length, and marked", () => {
  const listed = rows([span("a", "", 0, 10), span("b", "a", 8, 3)], 10);
  assert.deepEqual(listed.map((row) => [row.end - row.start, row.backwards]), [[10, false], [
    0,
    true,
  ]]);
});

/** A call whose two sides have one span id, and what each side did within it. */
const call = span("call", "root", 1, 9, { service: "shop", kind: "CLIENT" });
const serve = span("call", "root", 2, 8, {
  key: "call bank SERVER",
  service: "bank",
  kind: "SERVER",
});
const shared = [
  span("root", "", 0, 10, { service: "shop" }),
  call,
  serve,
  span("charge", "call", 3, 7, { service: "bank" }),
  span("connect", "call", 1, 2, { service: "shop" }),
];

test("of a span id that two services share both are drawn, each with its own", () => {
  for (const spans of [shared, shared.toReversed()]) {
    const listed = rows(spans, 10);
    assert.deepEqual(listed.map(({ depth, span }) => `${depth} ${span.spanId} ${span.service}`), [
      "0 root shop",
      "1 call shop",
      "2 connect shop",
      "2 call bank",
      "3 charge bank",
    ]);
    assert.equal(new Set(listed.map(({ span }) => span.key)).size, 5);
    assert.deepEqual(listed.filter((row) => row.shared).map((row) => row.span.service), [
      "shop",
      "bank",
    ]);
  }
});

test("the first span of an id has it as its key, another has more, and the same has the same", () => {
  const spans = SpanColumns.of([call, serve, call]);
  assert.deepEqual([...spans].map(({ key }) => key), ["call", "call bank SERVER"]);
  assert.deepEqual(
    ["call", "call shop CLIENT", "call bank SERVER", "none"].map((key) => spans.placeOf(key)),
    [0, 0, 1, -1],
  );
  assert.equal(spans.keyOf("call", "shop"), "call");
  assert.equal(spans.keyOf("call", "bank"), "call bank SERVER");
  assert.equal(spans.keyOf("call", "other"), "call");
});
