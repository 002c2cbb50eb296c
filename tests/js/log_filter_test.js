import assert from "node:assert/strict";
import { test } from "node:test";
import { details, matches } from "../../dashboard/static/dashboard/model/log_filter.js";

/** @type {import("../../dashboard/static/dashboard/model/log_filter.js").LogLine} */
const line = {
  seq: 1,
  timeUnixNano: "1",
  traceId: null,
  spanId: null,
  errorKind: "read_timeout",
  service: "api",
  level: "WARNING",
  msg: "failed to deliver job to worker",
  requestId: "abc-123",
  orderId: null,
  attributes: {
    boundary: "api->worker",
    timeoutMs: 800,
    errorKind: "read_timeout",
    httpStatus: null,
  },
};
const wanted = (/** @type {object} */ given) => ({
  service: "",
  level: "DEBUG",
  text: "",
  ...given,
});

test("a line is found by service, level and text", () => {
  assert.ok(matches(line, wanted({})));
  assert.ok(matches(line, wanted({ service: "api", level: "WARNING", text: "ABC" })));
  assert.ok(matches(line, wanted({ text: "errorkind=read_timeout" })));
});

test("a line is left out by each of them", () => {
  assert.ok(!matches(line, wanted({ service: "worker" })));
  assert.ok(!matches(line, wanted({ level: "ERROR" })));
  assert.ok(!matches(line, wanted({ text: "nothing like it" })));
});

test("the fields of a boundary are told, absent ones are not", () => {
  assert.deepEqual(details(line), [
    "boundary=api->worker",
    "timeoutMs=800",
    "errorKind=read_timeout",
  ]);
});
