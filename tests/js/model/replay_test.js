import assert from "node:assert/strict";
import { test } from "node:test";
import { Axis } from "../../../dashboard/static/dashboard/model/trace/axis.js";
import { selfTime } from "../../../dashboard/static/dashboard/model/trace/critical_path.js";
import { placesOf } from "../../../dashboard/static/dashboard/model/trace/find/find.js";
import { parse } from "../../../dashboard/static/dashboard/model/trace/find/query.js";
import { computeLayout } from "../../../dashboard/static/dashboard/model/trace/layout.js";
import {
  layoutAt,
  messagesAt,
  momentsOf,
  playedTo,
  reached,
  speedFor,
  stepped,
  windowsAt,
} from "../../../dashboard/static/dashboard/model/trace/past/replay.js";
import { flameOf, placedIn } from "../../../dashboard/static/dashboard/model/trace/sums/flame.js";
import { operationsOf } from "../../../dashboard/static/dashboard/model/trace/sums/statistics.js";
import { anySpans, seeded, span } from "./spans.js";

/**
 * @typedef {import("../../../dashboard/static/dashboard/model/trace/span.js").TraceLog} TraceLog
 * @typedef {import("../../../dashboard/static/dashboard/model/trace/messages/message.js").Message} Message
 */

/**
 * @param {number} at
 * @param {string} [service]
 * @returns {TraceLog}
 */
const log = (at, service = "api") => /** @type {TraceLog} */ ({
  seq: at,
  at,
  service,
  spanId: null,
  level: "INFO",
  msg: "",
});

test("each moment is one at which something begins, ends, happens or is written, once", () => {
  const spans = [
    span("a", "", 0, 100, { events: [{ name: "x", at: 40 }] }),
    span("b", "a", 20, null),
  ];
  const layout = computeLayout(spans, [log(20), log(70)]);
  assert.deepEqual(momentsOf(layout, [{ from: 10, to: 900 }]), [0, 10, 20, 40, 70, 100]);
});

test("the handle steps from moment to moment, and rests at the end", () => {
  const moments = [0, 10, 30];
  assert.equal(stepped(moments, null, 1), null);
  assert.equal(stepped(moments, null, -1), 10);
  assert.equal(stepped(moments, 10, -1), 0);
  assert.equal(stepped(moments, 0, -1), 0);
  assert.equal(stepped(moments, 4, 1), 10);
  assert.equal(stepped(moments, 10, 1), null);
  assert.equal(stepped([], null, -1), null);
  assert.deepEqual([5, 10, 29, 99].map((at) => reached(moments, at)), [0, 10, 10, 30]);
});

test("what is folded takes no time when it is played", () => {
  const axis = new Axis(0, 1000, [{ from: 200, to: 900 }]);
  assert.equal(playedTo(100, 50, axis), 150);
  assert.equal(playedTo(150, 60, axis), 910);
  assert.equal(playedTo(500, 10, axis), 910);
  assert.equal(playedTo(950, 60, axis), null);
});

test("a trace is played as fast as it can be followed", () => {
  assert.deepEqual([20e6, 200e6, 3e9].map(speedFor), [0.01, 0.1, 1]);
});

test("at each moment exactly the records of that moment are laid out, along the whole axis", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seeded(seed);
    const spans = anySpans(seed);
    const logs = Array.from({ length: random(8) }, () => log(random(1400), "worker"));
    const offsets = { worker: random(200) - 100 };
    const moved = (/** @type {string} */ service) => service === "worker" ? offsets.worker : 0;
    const whole = computeLayout(spans, logs, offsets);
    const at = whole.first + random(whole.last - whole.first + 1);
    const then = layoutAt(whole, spans, logs, at, offsets);
    const begun = spans.filter((each) => each.start + moved(each.service) <= at);
    assert.deepEqual(then.listed.map((row) => row.span.key).sort(), begun.map((s) => s.key).sort());
    assert.equal(then.logs.length, logs.filter((each) => each.at + offsets.worker <= at).length);
    assert.ok(
      then.listed.every((row) => row.end <= at && row.span.events.every((e) => e.at <= at)),
    );
    for (const { span: { end, state, failed, service } } of then.listed) {
      if (end === null) assert.deepEqual([state, failed], ["open", false]);
      else assert.ok(end + moved(service) <= at);
    }
    assert.deepEqual([then.first, then.last, then.silences], [
      whole.first,
      whole.last,
      whole.silences,
    ]);
  }
});

/**
 * All that the views show of the records of a moment.
 * @param {import("../../../dashboard/static/dashboard/model/trace/layout.js").Layout} layout
 */
const views = (layout) => ({
  timeline: layout.listed.map(({ span, start, end, depth }) => ({
    key: span.key,
    state: span.state,
    failed: span.failed,
    errorKind: span.errorKind,
    events: span.events.map(({ name, at }) => `${name} ${at}`),
    start,
    end,
    depth,
  })),
  path: [...layout.path],
  logs: layout.logs.map(({ at }) => at),
  table: layout.listed.map((_, at) => selfTime(layout.listed, at)),
  statistics: operationsOf(layout.listed).map(({ service, name, count, failed, total, self }) => ({
    ...{ service, name, count, failed, total, self },
  })),
  flame: placedIn(flameOf(layout.listed)).map(({ frame, left, width }) => ({
    ...{ name: frame.name, count: frame.count, failed: frame.failed, left, width },
  })),
  found: ["error", "x", "duration>0ns", "error=reset", "service:api"].map((query) =>
    placesOf(layout, { terms: parse(query), attributeOf: () => undefined })
  ),
});

test("whatever comes later, no view shows any of it", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seeded(seed);
    const spans = anySpans(seed).map((each) => ({
      ...each,
      failed: random(3) === 0,
      errorKind: random(3) ? null : "reset",
      events: [{ name: "x", at: each.start + random(300) }],
    }));
    const logs = Array.from({ length: random(8) }, () => log(random(1400), "worker"));
    const whole = computeLayout(spans, logs);
    const at = whole.first + random(whole.last - whole.first + 1);
    const before = views(layoutAt(whole, spans, logs, at));
    const otherwise = spans.filter(({ start }) => start <= at).map((each) =>
      each.end !== null && each.end <= at ? each : {
        ...each,
        end: random(2) ? at + 1 + random(500) : null,
        failed: random(2) === 0,
        errorKind: random(2) ? "dns" : null,
        events: [...each.events.filter((event) => event.at <= at), { name: "y", at: at + 5 }],
      }
    );
    const later = [...logs.filter((each) => each.at <= at), log(at + 7)];
    assert.deepEqual(views(layoutAt(whole, otherwise, later, at)), before);
    const begun = spans.filter(({ start }) => start <= at);
    const over = begun.filter(({ end, failed }) => end !== null && end <= at && failed);
    const sum = (/** @type {number[]} */ all) => all.reduce((one, other) => one + other, 0);
    assert.equal(sum(before.statistics.map(({ count }) => count)), begun.length);
    assert.equal(sum(before.statistics.map(({ failed }) => failed)), over.length);
    assert.equal(before.found[0]?.length, over.length);
  }
});

test("at the last moment the whole trace is laid out as it is", () => {
  const spans = [
    span("a", "", 0, 100, { failed: true, errorKind: "reset" }),
    span("b", "a", 5, 90),
  ];
  const whole = computeLayout(spans, [log(50)]);
  const shown = (/** @type {typeof whole} */ { listed }) =>
    listed.map(({ span, start, end }) => [span.key, start, end, span.failed, span.errorKind]);
  assert.deepEqual(shown(layoutAt(whole, spans, [log(50)], 100)), shown(whole));
});

test("of a message, nothing later than the moment is said", () => {
  const message = /** @type {Message} */ ({
    id: "m",
    kind: "request",
    from: "api",
    to: "worker",
    sentUnixNano: "10",
    receivedUnixNano: "20",
    outcome: "late",
    label: "POST",
    errorKind: "read_timeout",
    spanId: "a",
    gaveUpUnixNano: "15",
  });
  assert.deepEqual(messagesAt([message], 9n), []);
  assert.deepEqual(messagesAt([message], 20n), [message]);
  const [then] = messagesAt([message], 12n);
  assert.deepEqual(
    [then?.outcome, then?.receivedUnixNano, then?.gaveUpUnixNano, then?.errorKind],
    ["unknown", null, null, null],
  );
});

test("a fault that is healed later lasts until the moment", () => {
  assert.deepEqual(windowsAt([{ from: 0, to: 9 }, { from: 5, to: 50 }, { from: 30, to: 40 }], 20), [
    { from: 0, to: 9 },
    { from: 5, to: 20 },
  ]);
});
