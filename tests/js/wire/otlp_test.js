import assert from "node:assert/strict";
import { test } from "node:test";
import { exportRequest, newId } from "../../../dashboard/static/dashboard/wire/otlp.js";

/** @type {import("../../../dashboard/static/dashboard/wire/otlp.js").ClientSpan} */
const call = {
  traceId: "0".repeat(31) + "1",
  spanId: "0".repeat(15) + "1",
  name: "POST",
  kind: "CLIENT",
  start: 1_700_000_000_000_000_001n,
  attributes: { "http.response.status_code": 201, "request.id": "r" },
};
const spans = (/** @type {any} */ request) => request.resourceSpans[0].scopeSpans[0].spans;

test("nanoseconds and integers travel as texts, ids as hexadecimal", () => {
  const [sent] = spans(exportRequest([{ ...call, end: call.start + 5n }], "page"));
  assert.equal(sent.startTimeUnixNano, "1700000000000000001");
  assert.equal(sent.endTimeUnixNano, "1700000000000000006");
  assert.equal(sent.kind, 3);
  assert.deepEqual(sent.attributes[0].value, { intValue: "201" });
  assert.match(newId(16), /^[0-9a-f]{32}$/);
});

test("an open span has no end, a failed one has an error", () => {
  const [open, failed] = spans(exportRequest([call, { ...call, error: "no answer" }], "page"));
  assert.ok(!("endTimeUnixNano" in open));
  assert.deepEqual(failed.status, { code: 2, message: "no answer" });
});
