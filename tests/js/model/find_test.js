import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOf, placesOf } from "../../../dashboard/static/dashboard/model/trace/find/find.js";
import { attributesOf, parse } from "../../../dashboard/static/dashboard/model/trace/find/query.js";
import { computeLayout } from "../../../dashboard/static/dashboard/model/trace/layout.js";
import { layoutAt } from "../../../dashboard/static/dashboard/model/trace/past/replay.js";
import { span } from "./spans.js";

const MS = 1e6;
const spans = [
  span("root", "", 0, 100 * MS, { name: "GET /cart", kind: "SERVER" }),
  span("call", "root", 10 * MS, 60 * MS, { name: "POST", failed: true, errorKind: "reset" }),
  span("work", "call", 20 * MS, 90 * MS, {
    service: "worker",
    events: [{ name: "retry later", at: 30 * MS }],
  }),
];
const logs = /** @type {any[]} */ ([{
  seq: 1,
  at: 5 * MS,
  service: "api",
  spanId: "root",
  level: "INFO",
  msg: "Order accepted",
}]);
const layout = computeLayout(spans, logs);
/** @type {Record<string, Record<string, unknown>>} */
const ATTRIBUTES = {
  root: { "http.route": "/cart", size: 12 },
  call: { "http.status": "503", size: 3 },
  work: { size: "40" },
};

/**
 * @param {string} query
 * @param {import("../../../dashboard/static/dashboard/model/trace/layout.js").Layout} [within]
 * @returns {string[]} the ids of the spans that are found
 */
function found(query, within = layout) {
  /** @type {import("../../../dashboard/static/dashboard/model/trace/find/query.js").AttributeOf} */
  const attributeOf = (key, { spanId }) => ATTRIBUTES[spanId]?.[key];
  return placesOf(within, { terms: parse(query), attributeOf })
    .map((at) => within.listed[at]?.span.spanId ?? "");
}

test("a text is found in service, name, error, events and log lines, in any case", () => {
  assert.deepEqual(found("worker"), ["work"]);
  assert.deepEqual(found("get /CART".replace(" ", "")), []);
  assert.deepEqual(found('"get /cart"'), ["root"]);
  assert.deepEqual(found("reset"), ["call"]);
  assert.deepEqual(found("retry"), ["work"]);
  assert.deepEqual(found("accepted"), ["root"]);
});

test("all words must hold", () => {
  assert.deepEqual(found("get cart"), ["root"]);
  assert.deepEqual(found("get worker"), []);
});

test("a path leads from a root to all spans of one operation below the same ones", () => {
  const tries = [
    span("root", "", 0, 100, { name: "GET /" }),
    span("one", "root", 0, 10, { name: "try" }),
    span("inner", "one", 1, 5, { name: "try", service: "worker" }),
    span("two", "root", 20, 30, { name: "Try" }),
    span("alone", "", 200, 210, { name: "try" }),
  ];
  const within = computeLayout(tries, []);
  assert.deepEqual(found('path="api GET / › api try"', within), ["one", "two"]);
  assert.deepEqual(found('path="api GET / › api try › worker try"', within), ["inner"]);
  assert.deepEqual(found('path="api try"', within), ["alone"]);
  assert.deepEqual(found('path="api GET"', within), []);
  assert.deepEqual(found('path="api GET / › api try" duration<10ns', within), []);
});

test("error and service: choose by how a span ended and whose it is", () => {
  assert.deepEqual(found("error"), ["call"]);
  assert.deepEqual(found("service:api"), ["root", "call"]);
  assert.deepEqual(found("service:worker error"), []);
  assert.deepEqual(found("service:ap"), []);
});

test("an attribute is compared as text, and as a number where it is one", () => {
  assert.deepEqual(found("http.route=/cart"), ["root"]);
  assert.deepEqual(found("http.status=503"), ["call"]);
  assert.deepEqual(found("size=12"), ["root"]);
  assert.deepEqual(found("size!=12"), ["call", "work"]);
  assert.deepEqual(found("size>10"), ["root", "work"]);
  assert.deepEqual(found("size<=12"), ["root", "call"]);
  assert.deepEqual(found("http.route>1"), []);
  assert.deepEqual(found("nothing=1"), []);
});

test("what every span has can be compared as well, times with their units", () => {
  assert.deepEqual(found("duration>60"), ["root", "work"]);
  assert.deepEqual(found("duration>=0.1s"), ["root"]);
  assert.deepEqual(found("self<=20ms"), ["call"]);
  assert.deepEqual(found("kind=server"), ["root"]);
  assert.deepEqual(found("name=POST"), ["call"]);
  assert.deepEqual(found("error=reset"), ["call"]);
  assert.deepEqual(found("duration>soon"), []);
});

test("nothing is found where nothing is looked for", () => {
  for (const query of ["", "   ", '""', "service:"]) assert.deepEqual(found(query), []);
});

test("only attributes have to be fetched, each once", () => {
  assert.deepEqual(attributesOf(parse("size>1 size<9 name=x error http.route=/a text")), [
    "size",
    "http.route",
  ]);
});

test("at a moment, what a span was found by later does not find it", () => {
  const then = layoutAt(layout, spans, logs, 50 * MS);
  assert.deepEqual(found("error", then), []);
  assert.deepEqual(found("size>0", then), []);
  assert.deepEqual(found("retry", then), ["work"]);
});

test("all but matches, and all beside the critical path, can be left out", () => {
  const none = { matchesOnly: false, pathOnly: false };
  assert.equal(leftOf(layout, [1], none), null);
  assert.deepEqual(leftOf(layout, [1], { ...none, matchesOnly: true }), [1]);
  const onPath = leftOf(layout, [1], { ...none, pathOnly: true }) ?? [];
  assert.ok(onPath.length > 0 && onPath.every((at) => layout.path.has(at)));
  assert.deepEqual(leftOf(layout, [], { matchesOnly: true, pathOnly: true }), []);
});
