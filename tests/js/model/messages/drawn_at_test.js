import assert from "node:assert/strict";
import { test } from "node:test";
import { Diagram } from "../../../../dashboard/static/dashboard/model/trace/messages/diagram.js";
import { drawnAt } from "../../../../dashboard/static/dashboard/model/trace/messages/drawn_at.js";
import { messagesAt } from "../../../../dashboard/static/dashboard/model/trace/past/replay.js";

/**
 * @typedef {import("../../../../dashboard/static/dashboard/model/trace/messages/message.js").Message} Message
 */

const MS = 1_000_000;

/**
 * @param {string} id
 * @param {number} sent in milliseconds
 * @param {number | null} received
 * @param {Partial<Message>} [more]
 * @returns {Message}
 */
const message = (id, sent, received, more = {}) => ({
  id,
  kind: "request",
  from: "api",
  to: "worker",
  sentUnixNano: String(sent * MS),
  receivedUnixNano: received === null ? null : String(received * MS),
  outcome: received === null ? "lost" : "delivered",
  label: "POST /jobs",
  errorKind: null,
  spanId: id,
  gaveUpUnixNano: null,
  ...more,
});

const messages = [
  message("first", 10, 40),
  message("lost", 100, null, { errorKind: "read_timeout", gaveUpUnixNano: String(500 * MS) }),
  message("later", 900, 910, { from: "worker", to: "api" }),
];
const nanos = (/** @type {string | null} */ text) => text === null ? null : Number(text);
const diagram = new Diagram({
  messages: messages.map((each) => ({
    message: each,
    sent: Number(each.sentUnixNano),
    received: nanos(each.receivedUnixNano),
    gaveUp: nanos(each.gaveUpUnixNano),
    texts: [each.outcome === "lost" ? "POST /jobs: lost" : "POST /jobs"],
    gaveUpTexts: ["gave up"],
  })),
  lanes: ["api", "worker"],
  faults: [{ target: "api->worker", from: 50 * MS, to: 2000 * MS, texts: ["cut"], tone: "bad" }],
  folds: [{ from: 520 * MS, to: 880 * MS, texts: ["silence"] }],
  first: 0,
  last: 1000 * MS,
  width: 900,
  height: 0,
  measure: (text) => text.length * 6.5,
});
const at = (/** @type {number} */ ms) =>
  drawnAt(diagram, ms * MS, messagesAt(messages, BigInt(ms * MS)));

test("a message that is under way is drawn as far as the moment, and what it is is said", () => {
  const { arrows, labels } = at(20);
  assert.deepEqual(arrows.map(({ end }) => end), ["under-way"]);
  const whole = diagram.arrows[0];
  assert.ok(whole && arrows[0] && arrows[0].x2 > whole.x1 && arrows[0].x2 < whole.x2);
  assert.deepEqual(labels.map(({ text }) => text), ["POST /jobs"]);
});

test("what was lost is under way until somebody gives up, and is not called lost before", () => {
  const before = at(300);
  assert.deepEqual(before.arrows.map(({ end }) => end), ["arrived", "under-way"]);
  assert.deepEqual(before.gaveUps, []);
  assert.ok(before.labels.every(({ text }) => !/lost|gave up|silence/.test(text)));
  const after = at(500);
  assert.deepEqual(after.arrows.map(({ end }) => end), ["arrived", "lost"]);
  assert.equal(after.gaveUps.length, 1);
});

test("nothing is drawn below the moment, and at the end all is drawn", () => {
  for (const ms of [0, 15, 60, 300, 600, 905]) {
    const down = diagram.descent.y(ms * MS);
    const { arrows, gates, folds, gaveUps } = at(ms);
    // A tip is drawn a little, so that a message is seen that has just been sent.
    assert.ok(arrows.every(({ y1 }) => y1 <= down));
    assert.ok([...gates, ...folds].every(({ top, bottom }) => bottom <= Math.max(top, down)));
    assert.ok(gaveUps.every(({ y }) => y <= down));
  }
  const { arrows, labels, gates } = at(1000);
  assert.deepEqual(arrows.map(({ end }) => end), diagram.arrows.map(({ end }) => end));
  assert.deepEqual([labels.length, gates.length], [diagram.labels.length, diagram.gates.length]);
});
