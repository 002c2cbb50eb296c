import assert from "node:assert/strict";
import { test } from "node:test";
import {
  details,
  marked,
  matches,
  merged,
  newest,
} from "../../../dashboard/static/dashboard/model/log_filter.js";

/** @type {import("../../../dashboard/static/dashboard/model/log_filter.js").LogLine} */
const line = {
  seq: 1,
  timeUnixNano: "1",
  traceId: null,
  spanId: null,
  errorKind: "read_timeout",
  service: "api",
  level: "WARN",
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
const filter = (/** @type {object} */ given) => ({
  service: "",
  level: "DEBUG",
  text: "",
  ...given,
});

test("a line is found by service, level and text", () => {
  assert.ok(matches(line, filter({})));
  assert.ok(matches(line, filter({ service: "api", level: "WARN", text: "ABC" })));
  assert.ok(matches(line, filter({ text: "errorkind=read_timeout" })));
});

test("a line is left out by each of them", () => {
  assert.ok(!matches(line, filter({ service: "worker" })));
  assert.ok(!matches(line, filter({ level: "ERROR" })));
  assert.ok(!matches(line, filter({ text: "nothing like it" })));
});

test("the fields of a boundary are listed, what tells most first, absent ones are not", () => {
  assert.deepEqual(details(line), [
    "errorKind=read_timeout",
    "timeoutMs=800",
    "boundary=api->worker",
  ]);
});

test("a line's own fields are listed after those, OpenTelemetry's are not", () => {
  const attributes = {
    sku: "apple",
    quantity: 1,
    attempt: 2,
    "code.function": "f",
    nested: {},
    orderId: "1",
  };
  assert.deepEqual(details({ attributes }), ["attempt=2", "sku=apple", "quantity=1"]);
});

test("a line that comes late is put where its time says", () => {
  const of = (/** @type {string} */ timeUnixNano, /** @type {number} */ seq) => ({
    timeUnixNano,
    seq,
  });
  const lines = merged([of("9", 1), of("11", 2)], [of("10", 3), of("11", 4)]);
  assert.deepEqual(lines.map((each) => each.seq), [1, 3, 2, 4]);
});

test("lines of probes are marked, and left out unless they are asked for", () => {
  const lines = [{ ...line, traceId: "aa" }, { ...line, traceId: "bb" }];
  const [probe, other] = marked({ logs: lines, probes: ["aa"] });
  assert.ok(probe && other);
  assert.ok(!matches(probe, filter({})) && matches(other, filter({})));
  assert.ok(matches(probe, filter({ probes: true })));
});

test("many probes push no other line out", () => {
  const lines = [1, 2, 3, 4, 5, 6].map((seq) => ({ ...line, seq, probe: seq > 2 }));
  assert.deepEqual(newest(lines, 2).map((each) => each.seq), [1, 2, 5, 6]);
});
