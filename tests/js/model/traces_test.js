import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compare,
  durationMs,
  extent,
  startOf,
} from "../../../dashboard/static/dashboard/model/traces/compare.js";
import { brushed, strip } from "../../../dashboard/static/dashboard/model/traces/strip.js";
import {
  serviceColumns,
  spansByColumn,
} from "../../../dashboard/static/dashboard/model/traces/service_columns.js";
import {
  fromQuery,
  toExportQuery,
  toQuery,
} from "../../../dashboard/static/dashboard/model/traces/trace_filter.js";

const START = 1_000_000_000;

/**
 * @param {string} spanId
 * @param {string | null} parentSpanId
 * @param {string} name
 * @param {number} ms
 * @param {string | null} [errorKind]
 * @returns {import("../../../dashboard/static/dashboard/model/trace/span.js").WireSpan}
 */
const span = (spanId, parentSpanId, name, ms, errorKind = null) => ({
  spanId,
  parentSpanId,
  name,
  kind: "INTERNAL",
  service: "api",
  startTimeUnixNano: String(START),
  endTimeUnixNano: String(START + ms * 1_000_000),
  state: "ended",
  status: { code: errorKind ? "ERROR" : "UNSET", message: "" },
  errorKind,
  attributes: {},
  events: [],
});

test("filters go into a query and come back", () => {
  const filters = { status: "error", q: "a b", minMs: "5" };
  assert.equal(toQuery(filters), "?q=a+b&status=error&minMs=5");
  assert.deepEqual(fromQuery(new URLSearchParams(toQuery(filters))), filters);
  assert.equal(toQuery({ q: "  ", other: "x" }), "");
});

test("an export is of the chosen traces, or else of what the filters find", () => {
  const filters = { status: "error", q: "a b" };
  assert.equal(toExportQuery("otlp", [], filters), "?q=a+b&status=error&format=otlp");
  assert.equal(
    toExportQuery("jaeger", ["aa", "bb"], filters),
    "?format=jaeger&traceId=aa&traceId=bb",
  );
});

test("dots lie between the ends of the strip", () => {
  const traces = [5, 1, 9].map((start, n) => ({
    startTimeUnixNano: String(start * 1_000_000),
    durationMs: n * 100,
  }));
  const { dots, first, last } = strip(traces);
  assert.deepEqual(dots.map((dot) => dot.x), [0.5, 0, 1]);
  assert.deepEqual(dots.map((dot) => dot.y)[2], 1);
  assert.deepEqual([first, last], [1_000_000n, 9_000_000n]);
  assert.deepEqual(strip([]), { dots: [], first: 0n, last: 0n });
});

test("what is brushed is a time, whichever way it was dragged", () => {
  const there = brushed(0n, 1_000_000_000n, 0.25, 0.75);
  assert.deepEqual(brushed(0n, 1_000_000_000n, 0.75, 0.25), there);
  assert.equal(there.since, "1970-01-01T00:00:00.250Z");
});

test("the same steps are aligned, and what differs is named", () => {
  const first = [
    span("1", null, "root", 10),
    span("2", "1", "step", 10),
    span("3", "1", "gone", 1),
  ];
  const second = [
    span("a", null, "root", 10),
    span("b", "a", "step", 90),
    span("c", "a", "new", 1, "reset"),
  ];
  assert.deepEqual(compare(first, second).map((pair) => pair.verdict), [
    "same",
    "slower",
    "only-a",
    "only-b",
  ]);
  const [, failed] = compare(first, [
    span("a", null, "root", 10),
    span("b", "a", "step", 10, "reset"),
  ]);
  assert.equal(failed?.verdict, "failed-otherwise");
});

test("steps alike are kept apart, and circles of parents come to an end", () => {
  const alike = [span("1", null, "root", 1), span("2", "1", "try", 1), span("3", "1", "try", 1)];
  assert.equal(compare(alike, alike).length, 3);
  const circle = [span("1", "2", "a", 1), span("2", "1", "b", 1)];
  assert.equal(compare(circle, circle).length, 2);
});

test("a trace reaches from its first start to its last end", () => {
  const spans = [span("a", null, "call", 20), {
    ...span("b", "a", "work", 5),
    endTimeUnixNano: null,
  }];
  assert.deepEqual(extent(spans), { first: BigInt(START), length: 20_000_000 });
  assert.deepEqual(extent([]), { first: 0n, length: 1 });
});

test("a start of 0 is unknown: it is no beginning, and leaves no duration", () => {
  const known = span("a", null, "GET /", 20);
  const unknown = { ...span("b", "a", "SELECT", 5), startTimeUnixNano: "0" };
  assert.deepEqual(extent([unknown, known]), { first: BigInt(START), length: 20_000_000 });
  assert.equal(durationMs(unknown), null);
  assert.equal(startOf(unknown), BigInt(unknown.endTimeUnixNano ?? 0));
  assert.equal(durationMs({ ...known, endTimeUnixNano: String(START - 1) }), null);
});

test("of a span id that two services share each is aligned by its own path", () => {
  const call = { ...span("x", null, "POST", 9), kind: "CLIENT", service: "shop" };
  const serve = { ...span("x", null, "POST /pay", 8), kind: "SERVER", service: "bank" };
  const inner = { ...span("y", "x", "charge", 5), service: "bank" };
  assert.deepEqual(compare([call, serve, inner], []).map((pair) => pair.path), [
    "shop POST",
    "shop POST › bank POST /pay",
    "shop POST › bank POST /pay › bank charge",
  ]);
});

/** @param {Array<[string, number]>} services */
const through = (...services) => ({
  services: services.map(([name, spanCount]) => ({ name, spanCount })),
});

test("services have places of their own: the busiest six, the lab's own first", () => {
  const trace = through(["worker", 4], ["zeta", 9], ["api", 6]);
  assert.deepEqual(serviceColumns([trace, through(["client", 1])]), [
    "client",
    "api",
    "worker",
    "zeta",
  ]);
  const many = through(
    ...["a", "b", "c", "d", "e", "f", "g", "h"].map((
      name,
      index,
    ) => /** @type {[string, number]} */ ([name, 8 - index])),
  );
  assert.deepEqual(serviceColumns([many]), ["a", "b", "c", "d", "e", "f"]);
});

test("a trace's spans stand in their service's column, what has none is counted apart", () => {
  const { services } = through(["api", 6], ["zeta", 9]);
  const { counts, others } = spansByColumn(services, ["client", "api"]);
  assert.deepEqual(counts, [null, 6]);
  assert.deepEqual(others.map((each) => each.name), ["zeta"]);
});
