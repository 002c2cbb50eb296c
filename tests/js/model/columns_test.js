import assert from "node:assert/strict";
import { test } from "node:test";
import { Axis } from "../../../dashboard/static/dashboard/model/trace/axis.js";
import { SpanColumns } from "../../../dashboard/static/dashboard/model/trace/columns/span_columns.js";
import { computeLayout } from "../../../dashboard/static/dashboard/model/trace/layout.js";
import { BAD, pixelsOf } from "../../../dashboard/static/dashboard/model/trace/sums/pixel_map.js";
import { indexOf } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { anySpans, seeded, span } from "./spans.js";

test("columns give back what they were given, in the order in which it came", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const spans = anySpans(seed);
    const read = [...SpanColumns.of(spans)];
    assert.deepEqual(
      read.map((
        { key, parentSpanId, service, start, end, state },
      ) => [key, parentSpanId, service, start, end, state]),
      spans.map((
        { key, parentSpanId, service, start, end, state },
      ) => [key, parentSpanId, service, start, end, state]),
    );
  }
});

test("a service's spans alone are laid out as if no others had come, under the same keys", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const spans = anySpans(seed);
    const part = computeLayout(SpanColumns.of(spans).ofService("api"), []);
    const alone = computeLayout(spans.filter(({ service }) => service === "api"), []);
    const shown = (/** @type {typeof part} */ { listed }) =>
      listed.map(({ span, depth, orphan, start, end }) => [span.key, depth, orphan, start, end]);
    assert.deepEqual(shown(part), shown(alone));
    assert.deepEqual([...part.path], [...alone.path]);
  }
});

test("a key that tells two sides of an id apart does so where one of them alone is shown", () => {
  const all = SpanColumns.of([
    span("call", "", 0, 9, { service: "shop", kind: "CLIENT" }),
    span("call", "", 1, 8, { service: "bank", kind: "SERVER" }),
  ]);
  const bank = all.ofService("bank");
  assert.deepEqual([...bank].map(({ key }) => key), ["call bank SERVER"]);
  assert.deepEqual([bank.placeOf("call bank SERVER"), bank.placeOf("call")], [0, -1]);
});

test("what is laid out finds each row by its span's key", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { tree, listed } = computeLayout(anySpans(seed), []);
    listed.forEach(({ span: { key } }, at) => assert.equal(tree.rowOf(key), at));
    assert.equal(tree.rowOf("none"), -1);
  }
});

test("a row is found among those that are shown, also that of a call that nobody heard", () => {
  const shown = [0, 3, ~3, 4, 9];
  assert.deepEqual([0, 3, ~3, 4, 9].map((at) => indexOf(shown, at)), [0, 1, 2, 3, 4]);
  assert.deepEqual([1, ~0, 10, ~9].map((at) => indexOf(shown, at)), [-1, -1, -1, -1]);
  assert.equal(indexOf([], 0), -1);
});

test("every row leaves its mark on the small map, and a failed one over all others", () => {
  const random = seeded(5);
  const many = Array.from({ length: 4_000 }, (_, n) => {
    const start = random(900);
    const failed = n === 2_001;
    return span(`s${n}`, n ? "s0" : "", n ? start : 0, n ? start + 1 : 1000, { failed });
  });
  const { tree, listed } = computeLayout(many, []);
  const [width, height] = [200, 44];
  const { pixels, services } = pixelsOf(tree, new Axis(0, 1000), { width, height });
  assert.deepEqual(services, ["api"]);
  assert.equal(pixels.filter((each) => each === BAD).length, 1);
  listed.forEach((row, at) => {
    const line = Math.floor((at / listed.length) * height);
    assert.ok(pixels[line * width + Math.floor(row.start * (width / 1000))]);
  });
});
