import assert from "node:assert/strict";
import { test } from "node:test";
import { learnColours } from "../../../dashboard/static/dashboard/base/palette.js";
import {
  brushedDurations,
  brushedMoments,
  columns,
  decades,
  percentileMarks,
  placeOf,
  rate,
} from "../../../dashboard/static/dashboard/model/traces/distribution.js";
import {
  serviceColumns,
  spansByColumn,
} from "../../../dashboard/static/dashboard/model/traces/service_columns.js";
import {
  fromQuery,
  toExportQuery,
  toQuery,
} from "../../../dashboard/static/dashboard/model/traces/trace_filter.js";

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

const bucket = (/** @type {number} */ fromMs, /** @type {number} */ toMs) => ({
  count: 1,
  errorCount: 0,
  fromMs,
  toMs,
});

test("columns of a histogram are as high as their share, and what is rare is still seen", () => {
  const drawn = columns([{ count: 400, errorCount: 100 }, { count: 0, errorCount: 0 }, {
    count: 1,
    errorCount: 1,
  }, { count: 0, errorCount: 0 }]);
  assert.deepEqual(drawn, [
    { x: 0, width: 0.25, height: 1, failed: 0.25 },
    { x: 0.5, width: 0.25, height: 0.04, failed: 0.04 },
  ]);
  assert.deepEqual(columns([]), []);
});

test("durations stand on a logarithmic axis, which names decades", () => {
  const buckets = [bucket(1, 10), bucket(10, 100)];
  assert.equal(placeOf(buckets, 10), 0.5);
  assert.equal(placeOf(buckets, 0.001), 0);
  assert.deepEqual(decades(buckets), [1, 10, 100]);
  assert.deepEqual(decades([bucket(1, 1e8)]), [1, 100, 10_000, 1_000_000, 100_000_000]);
});

test("percentiles that lie close to each other have one mark", () => {
  const buckets = [bucket(1, 10), bucket(10, 100)];
  assert.deepEqual(percentileMarks(buckets, { p50: 1, p95: 90, p99: 100 }), [
    { name: "p50", place: 0 },
    { name: "p95 p99", place: 1 },
  ]);
});

test("a mark of several names leaves them the room that they need", () => {
  const buckets = [bucket(1, 10), bucket(10, 100)];
  assert.deepEqual(percentileMarks(buckets, { p50: 45, p95: 90, p99: 100 }), [
    { name: "p50 p95 p99", place: 1 },
  ]);
});

test("what is brushed is a range, whichever way it was dragged", () => {
  const there = brushedMoments(0n, 1_000_000_000n, 0.25, 0.75);
  assert.deepEqual(brushedMoments(0n, 1_000_000_000n, 0.75, 0.25), there);
  assert.equal(there.since, "1970-01-01T00:00:00.250Z");
  const buckets = [bucket(1, 10), bucket(10, 100)];
  assert.deepEqual(brushedDurations(buckets, 1, 0.5), { minMs: "10", maxMs: "100" });
});

test("a rate is told of two moments or more", () => {
  const distribution = {
    count: 20,
    errorCount: 0,
    more: false,
    durations: { buckets: [], percentiles: {} },
    moments: { fromUnixNano: "0", toUnixNano: "4000000000", buckets: [] },
  };
  assert.equal(rate(distribution), 5);
  assert.equal(rate({ ...distribution, count: 1 }), null);
});

/** @param {Array<[string, number]>} services */
const through = (...services) => ({
  services: services.map(([name, spanCount]) => ({ name, spanCount })),
});

test("services have places of their own: the busiest six, the lab's own first", () => {
  learnColours({ client: 0, api: 1, worker: 2 });
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
