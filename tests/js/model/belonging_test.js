import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBelongTo } from "../../../dashboard/static/dashboard/model/belonging.js";

test("a record belongs to its own trace alone", () => {
  assert.equal(mayBelongTo({ traceId: "a" }, "a"), true);
  assert.equal(mayBelongTo({ traceId: "b", requestId: "r" }, "a"), false);
});

test("one without a trace may belong to any by its request", () => {
  assert.equal(mayBelongTo({ traceId: null, requestId: "r" }, "a"), true);
  assert.equal(mayBelongTo({ traceId: "", requestId: null }, "a"), false);
});
