import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inside,
  overlap,
  samples,
} from "../../../dashboard/static/dashboard/model/graph/curves.js";
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

/** @param {string} path */
function samplesOf(path) {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = (path.match(/-?[\d.]+/g) ?? []).map(
    Number,
  );
  return samples({ from: { x: x1, y: y1 }, bend: { x: x2, y: y2 }, to: { x: x3, y: y3 } });
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

/** @type {Array<[string, string]>} */
const SHOP = [
  ["client", "gateway"],
  ...["checkout", "catalogue", "cache"].map((
    name,
  ) => /** @type {[string, string]} */ (["gateway", name])),
  ...["payments", "shipping", "stock", "db"].map((
    name,
  ) => /** @type {[string, string]} */ (["checkout", name])),
  ["catalogue", "recommendations"],
  ["catalogue", "stock"],
  ["shipping", "mail"],
  ["mail", "queue"],
  ["recommendations", "cache"],
];

for (const [name, ends] of Object.entries({ "a shop of eleven": SHOP, "a ring of four": FIVE })) {
  test(`${name}: each stands below the one that calls it first, with room for its name`, () => {
    const { boxes, wires } = layOut(system(ends));
    const boxOf = new Map(boxes.map((box) => [box.name, box]));
    const called = new Set(["client"]);
    for (const [from, to] of ends) {
      if (called.has(to)) continue;
      called.add(to);
      assert.ok((boxOf.get(to)?.y ?? 0) > (boxOf.get(from)?.y ?? 0), `${from} ${to}`);
    }
    for (const box of boxes) assert.ok(box.width >= 100, JSON.stringify(box));
    for (const [at, wire] of wires.entries()) {
      const others = boxes.filter((box) => !ends[at]?.includes(box.name));
      const crossed = samplesOf(wire.path).filter((point) =>
        others.some((box) => inside(point, box, 0))
      );
      assert.deepEqual(crossed, [], wire.name);
    }
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
