import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callees,
  outlived,
  unheard,
  withUnheard,
} from "../../../dashboard/static/dashboard/model/trace/calls.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { anySpans, span } from "./spans.js";

/** @typedef {import("../../../dashboard/static/dashboard/model/trace/messages/message.js").Message} Message */

const MS = 1_000_000;
const call = (/** @type {Partial<import("./spans.js").Span>} */ more = {}) =>
  span("call", "deliver", 2 * MS, 800 * MS, { name: "POST", kind: "CLIENT", ...more });
const deliver = span("deliver", "", 0, 810 * MS, { failed: true, errorKind: "read_timeout" });
const served = span("served", "call", 5 * MS, 5000 * MS, { service: "worker", kind: "SERVER" });
const request = (/** @type {Partial<Message>} */ more = {}) => /** @type {Message} */ ({
  kind: "request",
  from: "api",
  to: "worker",
  spanId: "call",
  outcome: "lost",
  receivedUnixNano: null,
  ...more,
});

test("a call says whom it calls: by its message, else by the span that it led to", () => {
  const listed = rows([deliver, call(), served], 5000 * MS);
  assert.deepEqual([0, 1, 2].map(callees(listed, [])), ["", "worker", ""]);
  const alone = rows([deliver, call()], 810 * MS);
  assert.deepEqual([0, 1].map(callees(alone, [request()])), ["", "worker"]);
  assert.deepEqual([0, 1, 7].map(callees(alone, [])), ["", "", ""]);
});

test("what went on after its caller had given up says since when, and for how long", () => {
  const failed = call({ failed: true, errorKind: "ReadTimeout" });
  const listed = rows([deliver, failed, served], 5000 * MS);
  const expected = { service: "api", at: 800 * MS, by: 4200 * MS, gaveUp: true };
  assert.deepEqual(outlived(listed, 2), expected);
  assert.equal(outlived(listed, 1), null);
  assert.equal(outlived(listed, 0), null);
});

test("a caller that was done, or was refused, did not give up", () => {
  const done = rows([call({ parentSpanId: "" }), served], 5000 * MS);
  assert.equal(outlived(done, 1)?.gaveUp, false);
  const reset = call({ parentSpanId: "", failed: true, errorKind: "ConnectionError" });
  assert.equal(outlived(rows([reset, served], 5000 * MS), 1)?.gaveUp, false);
});

test("a little beyond the caller's end is a clock's error, and an open caller has no end", () => {
  const close = { ...served, end: 800.5 * MS };
  assert.equal(outlived(rows([call({ parentSpanId: "" }), close], 900 * MS), 1), null);
  const open = call({ parentSpanId: "", end: null, state: "open" });
  assert.equal(outlived(rows([open, served], 5000 * MS), 1), null);
});

test("a call that nobody heard has a row of its own below it", () => {
  const listed = rows([deliver, call()], 810 * MS);
  const silent = unheard(listed, [request()]);
  assert.deepEqual([...silent], [[1, "worker"]]);
  assert.deepEqual(withUnheard([0, 1], silent), [0, 1, ~1]);
  assert.deepEqual(withUnheard([0], silent), [0]);
});

test("what arrived, runs still, or left a record there was heard", () => {
  const listed = rows([deliver, call()], 810 * MS);
  assert.equal(unheard(listed, [request({ receivedUnixNano: "5", outcome: "late" })]).size, 0);
  assert.equal(unheard(listed, [request({ outcome: "delivered" })]).size, 0);
  assert.equal(unheard(rows([deliver, call(), served], 5000 * MS), [request()]).size, 0);
  const open = call({ end: null, state: "open" });
  assert.equal(unheard(rows([deliver, open], 810 * MS), [request()]).size, 0);
});

test("whatever is reported, what outlives its caller does so by its own time", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const spans = anySpans(seed).map((each) => ({
      ...each,
      start: each.start * MS,
      end: each.end === null ? null : each.end * MS,
    }));
    const listed = rows(spans, 2000 * MS);
    listed.forEach((row, at) => {
      const after = outlived(listed, at);
      if (!after) return;
      assert.equal(after.at + after.by, row.end);
      assert.ok(after.at >= row.start && after.by > MS);
    });
  }
});
