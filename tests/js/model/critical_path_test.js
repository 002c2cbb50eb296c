import assert from "node:assert/strict";
import { test } from "node:test";
import {
  criticalPath,
  selfTime,
} from "../../../dashboard/static/dashboard/model/trace/critical_path.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { anySpans, span } from "./spans.js";

test("self time is what no child covers, children that overlap counted once", () => {
  const listed = rows(
    [
      span("a", "", 0, 100),
      span("b", "a", 10, 40),
      span("c", "a", 30, 60),
      span("d", "a", 90, 150),
    ],
    150,
  );
  assert.equal(selfTime(listed, 0), 100 - 50 - 10);
  assert.equal(selfTime(listed, 1), 30);
});

test("the path goes back from the end: the child that ended last, then what came before it", () => {
  const listed = rows(
    [span("a", "", 0, 100), span("b", "a", 10, 40), span("c", "a", 20, 90), span("d", "a", 2, 8)],
    100,
  );
  const path = criticalPath(listed);
  const on = (/** @type {string} */ id) =>
    path.get(listed.findIndex((row) => row.span.spanId === id));
  assert.deepEqual(on("a"), [{ from: 90, to: 100 }, { from: 8, to: 20 }, { from: 0, to: 2 }]);
  assert.deepEqual(on("c"), [{ from: 20, to: 90 }]);
  assert.deepEqual(on("d"), [{ from: 2, to: 8 }]);
  assert.equal(on("b"), undefined);
});

test("a child that outlives the root counts until the root's end", () => {
  const listed = rows([span("a", "", 0, 10), span("b", "a", 4, 500)], 500);
  const path = criticalPath(listed);
  assert.deepEqual(path.get(0), [{ from: 0, to: 4 }]);
  assert.deepEqual(path.get(1), [{ from: 4, to: 10 }]);
});

test("the parts of a root's path lie within its time, apart, and fill it", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const listed = rows(anySpans(seed), 2000);
    const path = criticalPath(listed);
    for (let root = 0; root < listed.length; root = listed[root]?.next ?? listed.length) {
      const row = listed[root];
      const parts = [...path]
        .filter(([at]) => at >= root && at < (row?.next ?? 0))
        .flatMap(([, found]) => found)
        .sort((a, b) => a.from - b.from);
      let until = row?.start ?? 0;
      for (const part of parts) {
        assert.equal(part.from, until);
        assert.ok(part.to > part.from);
        until = part.to;
      }
      assert.equal(until, row?.end);
    }
  }
});

test("self time is never negative, nor longer than the span", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const listed = rows(anySpans(seed), 2000);
    listed.forEach((row, at) => {
      const self = selfTime(listed, at);
      assert.ok(self >= 0 && self <= row.end - row.start);
    });
  }
});

test("a span may have more children than a call may have arguments", () => {
  const children = Array.from({ length: 130_000 }, (_, n) => span(`c${n}`, "a", n, n + 1));
  const path = criticalPath(rows([span("a", "", 0, 130_000), ...children], 130_000));
  assert.equal([...path].length, 130_001);
});
