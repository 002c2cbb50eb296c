import assert from "node:assert/strict";
import { test } from "node:test";
import { estimates } from "../../../dashboard/static/dashboard/model/trace/oddities/skew.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { span } from "./spans.js";

const MS = 1_000_000;
const of = (/** @type {string} */ service) => ({ service });

test("an effect before its cause shows by how much a clock is behind", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
  ], 200 * MS);
  assert.deepEqual(estimates(listed), [
    { service: "worker", against: "api", offset: 60 * MS, least: 60 * MS, most: Infinity },
  ]);
});

test("a clock that is ahead shows when it calls back", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 170 * MS, 240 * MS, of("worker")),
    span("event", "work", 130 * MS, 140 * MS, of("api")),
  ], 240 * MS);
  assert.deepEqual(estimates(listed), [
    { service: "worker", against: "api", offset: -40 * MS, least: -70 * MS, most: -40 * MS },
  ]);
});

test("a moved clock that agrees is not reported", () => {
  const spans = [
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
  ];
  assert.deepEqual(estimates(rows(spans, 200 * MS, { worker: 60 * MS })), []);
});

test("clocks that agree within a millisecond are not reported", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 100 * MS - 900_000, 150 * MS, of("worker")),
  ], 200 * MS);
  assert.deepEqual(estimates(listed), []);
  assert.deepEqual(estimates([]), []);
});

test("calls in both directions bound a clock from both sides", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
    span("event", "work", 150 * MS, 160 * MS, of("api")),
  ], 200 * MS);
  const [one] = estimates(listed);
  assert.deepEqual([one?.least, one?.most, one?.offset], [60 * MS, 110 * MS, 60 * MS]);
});

test("a clock is compared by others where no call is direct, and blamed alone", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("web")),
    span("work", "call", 110 * MS, 190 * MS, of("api")),
    span("deep", "work", 50 * MS, 80 * MS, of("worker")),
  ], 200 * MS);
  const found = estimates(listed);
  assert.deepEqual(found.map(({ service, against, offset }) => [service, against, offset]), [
    ["worker", "api", 60 * MS],
  ]);
});

test("where no move can be right the bounds contradict each other", () => {
  const listed = rows([
    span("call", "", 100 * MS, 200 * MS, of("api")),
    span("work", "call", 40 * MS, 90 * MS, of("worker")),
    span("event", "work", 50 * MS, 60 * MS, of("api")),
  ], 200 * MS);
  const [one] = estimates(listed);
  assert.ok(one && one.least > one.most);
});
