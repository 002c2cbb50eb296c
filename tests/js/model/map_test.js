import assert from "node:assert/strict";
import { test } from "node:test";
import {
  delays,
  faultsOfOthers,
  label,
  lookOf,
  mapAt,
  messagesOf,
} from "../../../dashboard/static/dashboard/model/map.js";

/**
 * @param {string} kind
 * @param {Record<string, number | string>} [parameters]
 */
const fault = (kind, parameters = {}) => ({
  id: "1",
  target: "api-to-worker",
  kind,
  level: "socket",
  words: "",
  parameters,
  remainingSeconds: null,
  expiresAt: null,
  setBy: "page",
  state: /** @type {const} */ ("in_force"),
  healProblem: "",
});

test("the strongest fault decides how a link looks", () => {
  assert.equal(lookOf([]), "whole");
  assert.equal(lookOf([fault("slow"), fault("cut")]), "cut");
  assert.equal(lookOf([fault("slow"), fault("lossy")]), "lossy");
  assert.equal(lookOf([fault("something new")]), "whole");
});

test("what another client has put into a link shows as a fault that the lab does not heal", () => {
  const links = [{
    name: "wire",
    from: "shop",
    to: "price",
    brokenByOthers: ["disabled", "latency"],
  }];
  const system = { services: [], links };
  const found = faultsOfOthers(system, "wire");
  assert.deepEqual(found.map(({ id, kind }) => [id, kind]), [["", "cut"], ["", "slow"]]);
  assert.equal(lookOf(found), "cut");
  assert.deepEqual(faultsOfOthers(system, "shop"), []);
});

test("a label has the number that matters most", () => {
  assert.equal(label(fault("lossy", { rate: 0.3, stream: "both" }), "Lossy"), "Lossy 30 %");
  assert.equal(label(fault("slow", { ms: 250 }), "Slow"), "Slow 250 ms");
  assert.equal(label(fault("cut"), "Cut"), "Cut");
});

const SYSTEM = {
  services: [{ name: "front", title: "Front", port: 1 }, { name: "back", title: "Back", port: 2 }],
  links: [
    { name: "to-front", from: "client", to: "front" },
    { name: "there", from: "front", to: "back" },
  ],
};

/**
 * @param {string} boundary
 * @param {string | null} [errorKind]
 * @param {string} [state]
 */
const call = (boundary, errorKind = null, state = "ended") =>
  messagesOf(SYSTEM, {
    state,
    errorKind,
    orderId: "o",
    attributes: { "lab.boundary": boundary },
  }).map(({ link, stream, reach, end }) => [link, stream, reach, end]);

test("a call that went well goes there and back over the link of its boundary", () => {
  assert.deepEqual(call("front->back"), [
    ["there", "request", 1, null],
    ["there", "response", 1, null],
  ]);
});

test("a refused request dies on its way, a lost answer on the way back", () => {
  assert.deepEqual(call("front->back", "connect_refused"), [
    ["there", "request", 0.5, "connect_refused"],
  ]);
  assert.deepEqual(call("client->front", "read_timeout"), [
    ["to-front", "request", 1, null],
    ["to-front", "response", 0.5, "read_timeout"],
  ]);
});

test("what was never sent, and what is no call over a link, moves nothing", () => {
  assert.deepEqual(call("front->back", "simulated_partition"), []);
  assert.deepEqual(call("back->front"), []);
  assert.deepEqual(call("front->back", null, "open"), []);
});

test("a fault that only delays is told from one that fails", () => {
  assert.deepEqual(["slow", "cut"].map((kind) => delays(fault(kind))), [true, false]);
});

test("of a moment the map shows the faults of then, and what nobody had a record of yet", () => {
  const system = {
    services: [],
    links: [
      { name: "api-to-worker", from: "api", to: "worker" },
      { name: "worker-to-api", from: "worker", to: "api" },
    ],
  };
  const window = { kind: "slow", parameters: { ms: 9 }, from: 10, to: 50 };
  const message = {
    id: "m",
    kind: /** @type {const} */ ("request"),
    from: "api",
    to: "worker",
    sentUnixNano: "1",
    receivedUnixNano: null,
    outcome: /** @type {const} */ ("unknown"),
    label: "",
    errorKind: null,
    spanId: "",
    gaveUpUnixNano: null,
  };
  const known = {
    windows: [{ ...window, target: "api->worker" }, { ...window, target: "worker", from: 40 }],
    messages: [
      message,
      { ...message, kind: /** @type {const} */ ("response"), from: "api", to: "worker" },
      { ...message, receivedUnixNano: "5" },
      { ...message, gaveUpUnixNano: "5" },
      { ...message, to: "elsewhere" },
    ],
  };
  const { faults, messages } = mapAt(/** @type {any} */ (system), known, 20);
  assert.deepEqual(faults.map(({ target, kind }) => [target, kind]), [["api-to-worker", "slow"]]);
  assert.deepEqual(messages.map(({ link, stream }) => [link, stream]), [
    ["api-to-worker", "request"],
    ["worker-to-api", "response"],
  ]);
});
