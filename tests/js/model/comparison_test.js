import assert from "node:assert/strict";
import { test } from "node:test";
import {
  change,
  pairsOf,
  pathTo,
  shown,
} from "../../../dashboard/static/dashboard/model/traces/comparison.js";
import { addressOf } from "../../../dashboard/static/dashboard/model/traces/step_address.js";

const columns = ["depth", "service", "name", "a", "b"];
const sideColumns = ["count", "errors", "totalMs", "selfMs", "slowest", "errorKinds"];

/**
 * @param {number} count
 * @param {number} total
 * @param {string[]} [kinds]
 */
const side = (count, total, kinds = []) => [count, kinds.length, total, total / 2, "s api", kinds];

/** @param {any[][]} rows */
const pairs = (...rows) => pairsOf({ columns, sideColumns, rows });

/** @param {any} a @param {any} b */
const differences = (a, b) => pairs([0, "api", "step", a, b])[0]?.differences;

const TREE = pairs(
  [0, "api", "root", side(1, 100), side(1, 100)],
  [1, "api", "before", null, side(1, 7)],
  [1, "api", "step", side(1, 10), side(1, 90)],
  [2, "worker", "inner", side(3, 9), side(3, 9)],
  [2, "worker", "work", side(1, 5), side(4, 20)],
  [1, "api", "after", side(1, 1), side(1, 1)],
  [0, "api", "other", side(1, 1), null],
);
const all = { text: "", differing: false, order: /** @type {const} */ ("tree") };

test("what differs of a step is named, and what hardly does is not", () => {
  assert.deepEqual(differences(side(1, 10), side(1, 10)), []);
  assert.deepEqual(differences(null, side(1, 10)), ["only-b"]);
  assert.deepEqual(differences(side(1, 10), null), ["only-a"]);
  assert.deepEqual(differences(side(1, 10), side(1, 90)), ["slower"]);
  assert.deepEqual(differences(side(1, 90), side(1, 10)), ["faster"]);
  assert.deepEqual(differences(side(1, 1), side(1, 5)), []);
  assert.deepEqual(differences(side(1, 1000), side(1, 1400)), []);
  assert.deepEqual(differences(side(1, 10), side(1, 10, ["reset"])), ["failed-otherwise"]);
  assert.deepEqual(differences(side(1, 9, ["reset"]), side(1, 9, ["dns"])), ["failed-otherwise"]);
  assert.deepEqual(differences(side(2, 9, ["reset", "dns"]), side(2, 9, ["dns", "reset"])), []);
});

test("of steps that were called more often, each call is held against each", () => {
  assert.deepEqual(differences(side(1, 10), side(3, 30)), ["more"]);
  assert.deepEqual(differences(side(4, 40), side(2, 80)), ["fewer", "slower"]);
});

test("rows come in the order of the tree, or those that changed most first", () => {
  assert.deepEqual(shown(TREE, all), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(shown(TREE, { ...all, order: "total" }), [2, 4, 1, 6, 0, 3, 5]);
  assert.deepEqual(shown(TREE, { ...all, order: "count" }).slice(0, 3), [4, 1, 6]);
  const [, before, step, , , , other] = TREE;
  assert.ok(before && step && other);
  assert.deepEqual([before, step, other].map((pair) => change(pair, "total")), [7, 80, -1]);
});

test("what is looked for stands below the steps that lead to it", () => {
  assert.deepEqual(shown(TREE, { ...all, text: "INNER" }), [0, 2, 3]);
  assert.deepEqual(shown(TREE, { ...all, text: "worker work" }), [0, 2, 4]);
  assert.deepEqual(shown(TREE, { ...all, text: "nowhere" }), []);
  assert.deepEqual(shown(TREE, { ...all, differing: true }), [0, 1, 2, 4, 6]);
  assert.deepEqual(shown(TREE, { text: "api", differing: true, order: "self" }), [2, 1, 6]);
});

test("a step leads to its span in each trace, and to all of them where it has several", () => {
  assert.deepEqual(pathTo(TREE, 4).map(({ name }) => name), ["root", "step", "work"]);
  assert.deepEqual(pathTo(TREE, 6).map(({ name }) => name), ["other"]);
  const path = pathTo(TREE, 4);
  const one = { count: 1, failed: 0, total: 1, self: 1, slowest: "ab12 worker SERVER", kinds: [] };
  assert.equal(addressOf("f00", one, path), "/traces/f00?span=ab12+worker+SERVER");
  const several = new URL(addressOf("f00", { ...one, count: 4 }, path), "http://lab");
  assert.equal(several.searchParams.get("find"), 'path="api root › api step › worker work"');
  const quoted = path.map((pair) => ({ ...pair, name: '"' }));
  assert.match(addressOf("f00", { ...one, count: 4 }, quoted), /\?span=ab12/);
});
