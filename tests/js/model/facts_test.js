import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf } from "../../../dashboard/static/dashboard/model/trace/facts.js";
import { rows } from "../../../dashboard/static/dashboard/model/trace/rows.js";
import { span } from "./spans.js";

test("a trace lasts as long as its spans, whatever is logged later", () => {
  const listed = rows([
    span("a", "", 10, 100, { service: "web" }),
    span("b", "a", 20, 130, { service: "shop", failed: true }),
    span("c", "b", 30, 40, { service: "shop" }),
  ], 130);
  const logs = [
    { at: 20_000, service: "mail", attributes: {} },
    { at: 20_000, service: "network", attributes: { "lab.toxic.action": "dropped" } },
  ];
  const found = factsOf(listed, logs, ["web", "shop", "postgresql", "?"]);
  assert.deepEqual([found.first, found.last, found.depth, found.failed], [10, 130, 3, 1]);
  assert.deepEqual([found.services, found.silent], [["web", "shop", "mail"], 1]);
  assert.equal(found.root?.spanId, "a");
});

test("log records alone have their own times, and nothing has none", () => {
  const logs = [5, 9].map((at) => ({ at, service: "lonely", attributes: {} }));
  const found = factsOf([], logs, []);
  assert.deepEqual([found.root, found.first, found.last], [null, 5, 9]);
  assert.deepEqual(factsOf([], [], []).last, 0);
});
