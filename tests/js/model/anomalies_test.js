import assert from "node:assert/strict";
import { test } from "node:test";
import {
  anomalies,
  gaps,
} from "../../../dashboard/static/dashboard/model/trace/oddities/anomalies.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { span } from "./spans.js";

/** @typedef {import("../../../dashboard/static/dashboard/model/trace/span.js").Span} Span */

const MS = 1_000_000;
/** @param {Span[]} spans @param {number} last @returns {Record<string, string[]>} */
const found = (spans, last) =>
  Object.fromEntries(
    anomalies(rows(spans, last)).map(({ code, rows }) => [code, rows.map(({ span }) => span.key)]),
  );

test("a trace in order has none", () => {
  assert.deepEqual(found([span("a", "", 0, 10), span("b", "a", 1, 9)], 10), {});
});

test("each kind is found, with the spans that have it", () => {
  const spans = [
    span("root", "", 5, 10),
    span("early", "root", 1, 8),
    span("lost", "nobody", 2, 3, { state: "abandoned" }),
    span("late", "root", 6, 10 + 2 * MS),
  ];
  assert.deepEqual(found(spans, 20 + 2 * MS), {
    orphan: ["lost"],
    early: ["early"],
    abandoned: ["lost"],
    outlives: ["late"],
  });
});

test("three are named of a kind, and the others counted", () => {
  const early = Array.from({ length: 9 }, (_, n) => span(`s${n}`, "root", -1, 8));
  const [one] = anomalies(rows([span("root", "", 0, 10), ...early], 20));
  assert.deepEqual([one?.code, one?.rows.length, one?.more], ["early", 3, 6]);
});

test("spans that name one another as parents are a circle, entered where it starts", () => {
  const circle = [span("a", "b", 1, 9), span("b", "a", 0, 10), span("c", "a", 2, 3)];
  assert.deepEqual(found(circle, 10), { circular: ["b"] });
});

test("what a sender wrote wrong is found", () => {
  const spans = [
    span("own", "own", 0, 10),
    span("back", "own", 8, 3),
    span("own", "own", 1, 2, { key: "own worker SERVER", service: "worker", kind: "SERVER" }),
  ];
  assert.deepEqual(found(spans, 10), {
    selfParent: ["own", "own worker SERVER"],
    shared: ["own", "own worker SERVER"],
    backwards: ["back"],
  });
});

test("a start that is not on record is found", () => {
  assert.deepEqual(found([span("a", "", 5, 5, { startUnknown: true })], 5), {
    startUnknown: ["a"],
  });
});

test("what goes on after its parent is found where that one has ended", () => {
  const running = span("a", "", 0, null);
  assert.deepEqual(found([running, span("b", "a", 1, 90 * MS)], 100 * MS), {});
  assert.deepEqual(found([span("a", "", 0, 9), span("b", "a", 1, 9 + MS)], 100 * MS), {});
});

test("a gap is a time in which no span ran and nothing was logged", () => {
  const listed = rows(
    [
      span("a", "", 0, 100 * MS),
      span("b", "a", 10 * MS, 20 * MS),
      span("c", "a", 900 * MS, 1000 * MS),
    ],
    1000 * MS,
  );
  const [gap] = gaps(listed, []);
  assert.deepEqual([gap?.from, gap?.to], [100 * MS, 900 * MS]);
  assert.deepEqual([gap?.before?.span.key, gap?.after?.span.key], ["a", "c"]);
  assert.deepEqual(gaps(listed, [{ at: 500 * MS }]).map(({ from, to }) => [from, to]), [
    [100 * MS, 500 * MS],
    [500 * MS, 900 * MS],
  ]);
  const ends = gaps(listed, [{ at: 500 * MS }]).map(({ before, after }) => [before, after]);
  const keys = ends.map((pair) => pair.map((row) => row?.span.key));
  assert.deepEqual(keys, [["a", "c"], ["a", "c"]]);
  assert.deepEqual(gaps(rows([span("a", "", 0, 100 * MS)], 100 * MS), []), []);
  assert.deepEqual(gaps([], []), []);
});
