import assert from "node:assert/strict";
import { test } from "node:test";
import { estimates } from "../../dashboard/static/dashboard/model/skew.js";
import { rows } from "../../dashboard/static/dashboard/model/trace.js";
import { span } from "./spans.js";

const MS = 1_000_000;
const of = (/** @type {string} */ service) => ({ service });

test("an effect before its cause shows by how much a clock is behind", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
  ], 200 * MS);
  assert.deepEqual(estimates(listed), [{ service: "worker", against: "api", offset: 60 * MS }]);
});

test("a clock that is ahead shows when it calls back", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 170 * MS, 240 * MS, of("worker")),
    span("event", "work", 130 * MS, 140 * MS, of("api")),
  ], 240 * MS);
  assert.deepEqual(estimates(listed), [{ service: "worker", against: "api", offset: -40 * MS }]);
});

test("a moved clock that agrees is said nothing of", () => {
  const spans = [
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
  ];
  assert.deepEqual(estimates(rows(spans, 200 * MS, { worker: 60 * MS })), []);
});

test("clocks that agree within a millisecond are said nothing of", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 100 * MS - 900_000, 150 * MS, of("worker")),
  ], 200 * MS);
  assert.deepEqual(estimates(listed), []);
  assert.deepEqual(estimates([]), []);
});
