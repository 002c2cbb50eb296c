import assert from "node:assert/strict";
import { test } from "node:test";
import { overlap } from "../../../dashboard/static/dashboard/model/graph/curves.js";
import { layOut, WIDTH } from "../../../dashboard/static/dashboard/model/system.js";

const RING = ["north", "east", "south", "west"];

/**
 * @param {Array<[string, string]>} ends
 * @param {string[]} [others]
 */
function system(ends, others = []) {
  const names = [...new Set(ends.flat())].filter((name) =>
    name !== "client" && !others.includes(name)
  );
  return {
    services: names.map((name) => ({ name, title: name, port: 1 })),
    links: ends.map(([from, to]) => ({ name: `${from}-to-${to}`, from, to })),
    others,
  };
}

/** @type {(count: number) => string[]} */
const letters = (count) => Array.from({ length: count }, (_, at) => String.fromCharCode(97 + at));

/** @type {Array<[string, string]>} */
const FIVE = [
  ["client", "hub"],
  ...RING.map((name) => /** @type {[string, string]} */ (["hub", name])),
  ...RING.map((name, at) => /** @type {[string, string]} */ ([name, RING[(at + 1) % 4] ?? ""])),
];

/** @type {Record<string, Array<[string, string]>>} */
const GRAPHS = {
  "a star with a ring around it": FIVE,
  "a star of eleven": letters(11).map((name) => ["client", name]),
  "a chain of eleven": letters(11).map((name, at) => [letters(11)[at - 1] ?? "client", name]),
  "a ring of eleven": [
    ["client", "a"],
    ...letters(11).map((
      name,
      at,
    ) => /** @type {[string, string]} */ ([name, letters(11)[(at + 1) % 11] ?? ""])),
  ],
  "a mesh of four": letters(4).flatMap((from) =>
    letters(4).filter((to) => to !== from).map((to) => /** @type {[string, string]} */ ([from, to]))
  ),
  "a front with its stores": [["client", "front"], ["front", "db"], ["front", "cache"]],
  "two services": [["client", "a"], ["a", "b"], ["client", "b"]],
};

for (const [name, ends] of Object.entries(GRAPHS)) {
  test(`${name}: nothing covers anything, and all of it is on the map`, () => {
    const { boxes, wires, height } = layOut(system(ends));
    assert.equal(wires.length, ends.length);
    const chips = wires.map(({ chip }) => ({
      name: "",
      x: chip.x - 15,
      y: chip.y - 11,
      width: 30,
      height: 22,
    }));
    const all = [...boxes, ...chips];
    for (const [at, one] of all.entries()) {
      assert.ok(one.x >= 0 && one.x + one.width <= WIDTH, JSON.stringify(one));
      assert.ok(one.y >= 0 && one.y + one.height <= height, JSON.stringify(one));
      for (const two of all.slice(at + 1)) {
        assert.equal(overlap(one, two), 0, `${JSON.stringify(one)} ${JSON.stringify(two)}`);
      }
    }
    for (const box of boxes) assert.ok(box.width >= 50 && box.height >= 40, JSON.stringify(box));
  });
}

test("a link that others made stands between those that it joins", () => {
  const { boxes, wires } = layOut({
    ...system([["client", "api"], ["?", "db"]], ["?", "db"]),
  });
  assert.deepEqual(boxes.map((box) => box.name).sort(), ["?", "api", "client", "db"]);
  assert.equal(wires.length, 2);
});

test("a call without a link is drawn, and can't be broken", () => {
  const { wires, seen } = layOut({
    ...system([["client", "api"]], ["mail"]),
    calls: [["api", "mail"]],
  });
  assert.deepEqual(wires.map(({ name }) => name), ["client-to-api"]);
  assert.equal(seen.length, 1);
});
