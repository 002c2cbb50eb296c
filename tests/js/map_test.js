import assert from "node:assert/strict";
import { test } from "node:test";
import { flights, label, look } from "../../dashboard/static/dashboard/model/map.js";

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
});

test("the strongest fault decides how a link looks", () => {
  assert.equal(look([]), "whole");
  assert.equal(look([fault("slow"), fault("cut")]), "cut");
  assert.equal(look([fault("slow"), fault("lossy")]), "lossy");
  assert.equal(look([fault("something new")]), "whole");
});

test("a label has the number that matters most", () => {
  assert.equal(label(fault("lossy", { rate: 0.3, stream: "both" }), "Lossy"), "Lossy 30 %");
  assert.equal(label(fault("slow", { ms: 250 }), "Slow"), "Slow 250 ms");
  assert.equal(label(fault("cut"), "Cut"), "Cut");
});

/**
 * @param {string} name
 * @param {string | null} [errorKind]
 */
const ended = (name, errorKind = null) => ({ name, state: "ended", errorKind });

test("a call that went well goes there and back", () => {
  assert.deepEqual(flights(ended("job.deliver")).map((each) => [each.stream, each.reach]), [
    ["request", 1],
    ["response", 1],
  ]);
});

test("a refused request dies on its way, a lost answer on the way back", () => {
  assert.deepEqual(flights(ended("job.deliver", "connect_refused")), [
    { link: "api-to-worker", stream: "request", reach: 0.5, lost: true },
  ]);
  const [request, response] = flights(ended("callback.send", "read_timeout"));
  assert.equal(request?.lost, false);
  assert.deepEqual([response?.stream, response?.lost], ["response", true]);
});

test("what was never sent, and what is no call, moves nothing", () => {
  assert.deepEqual(flights(ended("job.deliver", "simulated_partition")), []);
  assert.deepEqual(flights(ended("stock.reserve")), []);
  assert.deepEqual(flights({ name: "job.deliver", state: "open", errorKind: null }), []);
});
