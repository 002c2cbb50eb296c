import assert from "node:assert/strict";
import { test } from "node:test";
import { unpacked } from "../../../dashboard/static/dashboard/wire/packed.js";

const NONE = 0xffffffff;
const numbers = (/** @type {number[]} */ ...each) => new Uint32Array(each);
const times = (/** @type {number[]} */ ...each) => new Float64Array(each);
const bytes = (/** @type {number[]} */ ...each) => new Uint8Array(each);

/**
 * Packs columns as the observer does.
 * @param {Record<string, Uint32Array | Float64Array | Uint8Array>} columns
 * @param {Record<string, unknown>} head
 * @returns {ArrayBuffer}
 */
function packed(columns, head) {
  const parts = Object.values(columns);
  const lengths = Object.entries(columns).map(([name, each]) => [name, each.byteLength]);
  const text = JSON.stringify({ ...head, columns: Object.fromEntries(lengths) });
  const first = new Uint8Array(4 + new TextEncoder().encode(text).length);
  new DataView(first.buffer).setUint32(0, first.length - 4, true);
  first.set(new TextEncoder().encode(text), 4);
  /** @type {number[]} */
  const all = [];
  for (const part of [first, ...parts]) {
    for (const byte of new Uint8Array(part.buffer)) all.push(byte);
    while (all.length % 8) all.push(0);
  }
  return new Uint8Array(all).buffer;
}

const outline = () =>
  unpacked(packed({
    ids: numbers(0, 10, 0x89abcdef, 0xffffffff),
    id: numbers(0, 1),
    parent: numbers(NONE, 0),
    name: numbers(0, 1),
    target: numbers(NONE, 3),
    service: numbers(2, 2),
    error: numbers(NONE, 3),
    eventCount: numbers(0, 2),
    eventName: numbers(1, 0),
    start: times(0, 5),
    end: times(NaN, 20),
    eventAt: times(7, 9),
    kind: bytes(4, 2),
    state: bytes(0, 1),
    flags: bytes(0, 2),
  }, {
    base: "1700000000000000001",
    count: 2,
    last: 77,
    next: null,
    texts: ["serve — é", "call", "api", "reset"],
  }));

test("columns that came packed are read as spans", () => {
  const { spans, base, last, next } = outline();
  assert.deepEqual([base, last, next], [1_700_000_000_000_000_001n, 77, null]);
  const [serve, call] = [...spans];
  assert.deepEqual(
    [serve?.spanId, serve?.parentSpanId, serve?.name, serve?.service, serve?.kind],
    ["000000000000000a", "", "serve — é", "api", "SERVER"],
  );
  assert.deepEqual([serve?.end, serve?.state, serve?.failed, serve?.errorKind, serve?.events], [
    null,
    "open",
    false,
    null,
    [],
  ]);
  assert.deepEqual([call?.spanId, call?.parentSpanId], ["89abcdefffffffff", "000000000000000a"]);
  assert.deepEqual([call?.start, call?.end, call?.failed, call?.errorKind], [5, 20, true, "reset"]);
  assert.deepEqual([serve?.target, call?.target], ["", "reset"]);
  assert.deepEqual(call?.events, [{ name: "call", at: 7 }, { name: "serve — é", at: 9 }]);
});

test("an id is found among those that came packed, and no other", () => {
  const { spans } = outline();
  assert.equal(spans.placeOf("000000000000000a"), 0);
  assert.equal(spans.placeOf("89abcdefffffffff"), 1);
  for (const other of ["000000000000000b", "000000000000000A", "a", ""]) {
    assert.equal(spans.placeOf(other), -1);
  }
});

test("what ends later replaces what came packed, and what is new comes after it", () => {
  const { spans } = outline();
  const [serve] = [...spans];
  const ended = { ...more(serve), end: 30, state: /** @type {const} */ ("ended") };
  spans.add(ended);
  spans.add({ ...ended, spanId: "00000000000000ff", parentSpanId: "89abcdefffffffff" });
  const all = [...spans];
  assert.deepEqual(all.map(({ end }) => end), [30, 20, 30]);
  assert.equal(all[2]?.parentSpanId, "89abcdefffffffff");
  assert.equal(spans.parentOf(2), 1);
  assert.equal(spans.placeOf("00000000000000ff"), 2);
});

/**
 * @param {import("../../../dashboard/static/dashboard/model/trace/columns/column_span.js").ColumnSpan | undefined} span
 */
function more(span) {
  assert.ok(span);
  const { spanId, parentSpanId, name, kind, service, start, startUnknown, failed, errorKind } =
    span;
  return {
    spanId,
    parentSpanId,
    name,
    kind,
    service,
    start,
    startUnknown,
    failed,
    errorKind,
    events: [],
  };
}
