import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseLanes,
  lanesOf,
  silentLanes,
} from "../../../../dashboard/static/dashboard/model/trace/messages/message.js";
import { Diagram } from "../../../../dashboard/static/dashboard/model/trace/messages/diagram.js";
import {
  crosses,
  overlap,
} from "../../../../dashboard/static/dashboard/model/trace/messages/room.js";
import { seeded } from "../spans.js";

/**
 * @typedef {import("../../../../dashboard/static/dashboard/model/trace/messages/diagram.js").Sent} Sent
 * @typedef {import("../../../../dashboard/static/dashboard/model/trace/messages/message.js").Message} Message
 */

const MS = 1_000_000;
const OUTCOMES = /** @type {Message["outcome"][]} */ ([
  "delivered",
  "lost",
  "unknown",
  "late",
  "refused",
]);

/**
 * @param {string} from
 * @param {string} to
 * @param {number} sent
 * @param {number | null} received
 * @param {Partial<Message>} [more]
 * @param {number | null} [gaveUp]
 * @returns {Sent}
 */
function sent(from, to, sent, received, more = {}, gaveUp = null) {
  const message = /** @type {Message} */ ({
    kind: "request",
    from,
    to,
    sentUnixNano: String(sent),
    receivedUnixNano: received === null ? null : String(received),
    outcome: received === null ? "lost" : "delivered",
    errorKind: null,
    ...more,
  });
  const texts = ["POST /jobs/reserve-stock", "reserve-stock"];
  const gaveUpTexts = ["gave up after 803 ms", "gave up"];
  return { message, sent, received, gaveUp, texts, gaveUpTexts };
}

/**
 * @param {Sent[]} messages
 * @param {Partial<import("../../../../dashboard/static/dashboard/model/trace/messages/diagram.js").DiagramInput>} [more]
 * @returns {Diagram}
 */
function draw(messages, more = {}) {
  return new Diagram({
    messages,
    lanes: lanesOf(messages.map(({ message }) => message), []),
    faults: [],
    folds: [],
    first: 0,
    last: 6000 * MS,
    width: 940,
    height: 0,
    measure: (text) => text.length * 6.5,
    ...more,
  });
}

/** Experiment C: the API gave up, the worker went on, and its answer came too late. */
const slow = [
  sent("client", "api", 0, 9 * MS),
  sent("api", "worker", 18 * MS, 22 * MS, {}, 820 * MS),
  sent("api", "client", 821 * MS, 824 * MS, { kind: "response" }),
  sent("worker", "api", 5022 * MS, 5026 * MS),
  sent("api", "worker", 5028 * MS, 5030 * MS, { kind: "response" }),
  sent("worker", "api", 5031 * MS, null, { kind: "response", outcome: "late" }),
];
const folds = [
  { from: 40 * MS, to: 800 * MS, texts: ["760 ms of silence"] },
  { from: 840 * MS, to: 5010 * MS, texts: ["4.17 s of silence"] },
];
const faults = [
  {
    target: "api->worker",
    from: 0,
    to: 900 * MS,
    texts: ["api → worker: cut", "cut"],
    tone: "bad",
  },
  { target: "worker", from: 0, to: 7000 * MS, texts: ["worker: slow", "slow"], tone: "warn" },
];

/**
 * What covers what in a drawing.
 * @param {Diagram} diagram
 * @returns {string[]}
 */
function overlaps({ labels, arrows, lanes, gates, height }) {
  const found = [];
  for (const [at, label] of labels.entries()) {
    for (const other of labels.slice(at + 1)) {
      if (overlap(label, other)) found.push(`${label.text} and ${other.text}`);
    }
    for (const arrow of arrows) {
      if (crosses(arrow, { ...label })) found.push(`${label.text} and an arrow`);
    }
    for (const { x, service } of lanes) {
      const lane = { left: x - 5, right: x + 5, top: 0, bottom: height };
      if (overlap(label, lane)) found.push(`${label.text} and the lane of ${service}`);
    }
    for (const gate of gates) if (overlap(label, gate)) found.push(`${label.text} and a gate`);
  }
  return found;
}

test("no label covers an arrow, a lane, a gate or another label, on a desk and on a phone", () => {
  for (const width of [940, 780, 390]) {
    const diagram = draw(slow, { width, folds, faults });
    assert.deepEqual(overlaps(diagram), [], `${width} px`);
    assert.equal(diagram.labels.length, slow.length + 1 + folds.length + faults.length);
    assert.ok(diagram.width <= width);
  }
});

test("whatever is sent, nothing covers anything, and hardly a label is left out", () => {
  const sides = ["client", "api", "worker"];
  let [drawn, left] = [0, 0];
  for (let seed = 1; seed <= 150; seed++) {
    const random = seeded(seed);
    const messages = Array.from({ length: 1 + random(9) }, (_, n) => {
      const from = random(3);
      const to = (from + 1 + random(2)) % 3;
      const at = (n * 40 + random(60)) * MS;
      const arrives = random(3) > 0;
      const more = { outcome: OUTCOMES[arrives ? 0 : 1 + random(4)] ?? "lost" };
      const received = arrives ? at + random(30) * MS : null;
      return sent(sides[from] ?? "", sides[to] ?? "", at, received, more);
    });
    const diagram = draw(messages, { last: 600 * MS, width: seed % 2 ? 940 : 390 });
    assert.deepEqual(overlaps(diagram), [], `seed ${seed}`);
    drawn += messages.length;
    left += diagram.crowded;
  }
  assert.ok(left / drawn < 0.01, `${left} of ${drawn} labels are left out`);
});

test("time runs downwards, and a tip is never above its beginning", () => {
  const { arrows, descent } = draw(slow, { folds });
  for (const { y1, y2 } of arrows) assert.ok(y2 > y1);
  let before = -Infinity;
  for (let moment = 0; moment <= 6000 * MS; moment += 7 * MS) {
    const y = descent.y(moment);
    assert.ok(y >= before);
    before = y;
  }
});

test("heights lead back to their moments", () => {
  const { descent } = draw(slow, { folds });
  for (const moment of [3, 20, 400, 822, 3000, 5027].map((ms) => ms * MS)) {
    assert.ok(Math.abs(descent.moment(descent.y(moment)) - moment) < MS / 100);
  }
});

test("the five ends are different, and what no record shows is none of them", () => {
  const end = (/** @type {Partial<Message>} */ more) =>
    draw([sent("api", "worker", 0, null, more)]).arrows[0]?.end;
  assert.equal(draw([sent("api", "worker", 0, 5)]).arrows[0]?.end, "arrived");
  assert.equal(end({ outcome: "delivered" }), "arrived");
  assert.equal(end({ outcome: "refused", errorKind: "connect_refused" }), "refused");
  assert.equal(end({ outcome: "unknown", errorKind: "reset" }), "reset");
  assert.equal(end({ outcome: "lost", errorKind: "read_timeout" }), "lost");
  assert.equal(end({ outcome: "late", errorKind: "read_timeout" }), "given-up");
  assert.equal(end({ outcome: "unknown", errorKind: "read_timeout" }), "unknown");
});

test("only what arrived reaches the other lane", () => {
  const [reached, lost] = draw([
    sent("api", "worker", 0, 5),
    sent("api", "worker", 50 * MS, null),
  ]).arrows;
  const lane = draw([sent("api", "worker", 0, 5)]).laneX("worker") ?? 0;
  assert.ok(Math.abs((reached?.x2 ?? 0) - lane) < 10);
  assert.ok((lost?.x2 ?? 0) < lane - 100);
});

test("a link's fault stands at its sender's gate, in its direction only", () => {
  const { gates, lanes } = draw(slow, { faults });
  const x = (/** @type {string} */ name) => lanes.find(({ service }) => service === name)?.x ?? 0;
  const [link, service] = gates;
  assert.ok((link?.left ?? 0) > x("api") && (link?.right ?? 0) < x("api") + 40);
  assert.ok((service?.left ?? 0) < x("worker") && (service?.right ?? 0) > x("worker"));
  const cut = { from: 0, to: 9 * MS, texts: ["cut"], tone: "bad" };
  for (const back of [{ target: "worker->api" }, { target: "api->worker", back: true }]) {
    const [gate] = draw(slow, { faults: [{ ...cut, ...back }] }).gates;
    assert.ok((gate?.right ?? 0) < x("worker") && (gate?.left ?? 0) > x("worker") - 40);
  }
});

test("who waited gave up: of a request its sender, of a response its receiver", () => {
  const { gaveUps } = draw([
    sent("api", "worker", 0, 5, {}, 9 * MS),
    sent("worker", "api", 20 * MS, null, { kind: "response" }, 30 * MS),
  ]);
  assert.equal(gaveUps.length, 2);
  assert.equal(gaveUps[0]?.x, gaveUps[1]?.x);
});

test("a fault of a side that no message names has no place", () => {
  const elsewhere = { target: "mail->bank", from: 0, to: 9, texts: ["cut"], tone: "bad" };
  assert.deepEqual(draw(slow, { faults: [elsewhere] }).gates, []);
});

test("sides stand in their order, and others after them", () => {
  const messages = slow.map(({ message }) => message);
  assert.deepEqual(lanesOf(messages, ["worker", "mail", "api"]), ["worker", "api", "client"]);
});

test("of more lanes than there is room for the busy ones are drawn, and those asked for", () => {
  const lanes = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const busy = ["h", "g", "f", "e", "d", "c"].map((to) => sent("h", to, 0, 1).message);
  assert.deepEqual(chooseLanes(lanes, busy), ["c", "d", "e", "f", "g", "h"]);
  assert.ok(chooseLanes(lanes, busy, ["b"]).includes("b"));
  assert.equal(chooseLanes(lanes, busy, ["b"]).length, 6);
  assert.deepEqual(chooseLanes(["a", "b"], []), ["a", "b"]);
});

test("a diagram with room to spare is stretched, and one of many lanes scrolls", () => {
  assert.ok(draw(slow, { height: 600 }).height > draw(slow).height + 50);
  const chain = Array.from(
    { length: 12 },
    (_, n) => sent(`s${n}`, `s${n + 1}`, n * MS, n * MS + 5),
  );
  assert.ok(draw(chain, { width: 390 }).width > 1000);
});

test("a side of which neither span nor log line is on record is silent", () => {
  const records = { services: ["shop"], logs: [{ service: "mail" }] };
  assert.deepEqual(silentLanes(["shop", "postgresql", "mail"], records), ["postgresql"]);
});
