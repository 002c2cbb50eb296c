import assert from "node:assert/strict";
import { test } from "node:test";
import { shownName } from "../../../dashboard/static/dashboard/model/trace/span.js";
import { firstMoment, spansOf } from "../../../dashboard/static/dashboard/wire/revive.js";

const COLUMNS = ["spanId", "startTimeUnixNano", "endTimeUnixNano", "errorKind", "events"];
const START = 1_700_000_000_000_000_000n;
const row = (/** @type {bigint} */ start, /** @type {bigint | null} */ end) => [
  "a",
  String(start),
  end === null ? null : String(end),
  null,
  [],
];

test("a start of 0 is unknown: the trace begins where it is known to have begun", () => {
  const outline = [row(0n, START + 9n), row(START, START + 5n)];
  assert.equal(firstMoment(COLUMNS, outline), START);
  const [unknown, known] = spansOf(COLUMNS, outline, START);
  assert.deepEqual([unknown?.start, unknown?.end, unknown?.startUnknown], [9, 9, true]);
  assert.deepEqual([known?.start, known?.end, known?.startUnknown], [0, 5, false]);
});

test("a name that is a method alone is shown with what it asks for", () => {
  const columns = [...COLUMNS, "name", "target"];
  const named = (/** @type {string[]} */ ...names) =>
    spansOf(columns, [[...row(START, null), ...names]], START).map(shownName);
  assert.deepEqual(named("POST", "/orders"), ["POST /orders"]);
  assert.deepEqual(named("POST /orders", ""), ["POST /orders"]);
});

test("where no start is known an end is the first moment, and nothing is none", () => {
  assert.equal(firstMoment(COLUMNS, [row(0n, null), row(0n, START)]), START);
  assert.equal(firstMoment(COLUMNS, [row(0n, null)]), null);
});
