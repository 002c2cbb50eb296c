import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HEIGHT,
  layOut,
  linksOf,
  linkTitle,
  WIDTH,
} from "../../../dashboard/static/dashboard/model/system.js";

const ORDERS = {
  services: [
    { name: "api", title: "API", port: 4000 },
    { name: "worker", title: "Worker", port: 4001 },
  ],
  links: [
    { name: "client-to-api", from: "client", to: "api" },
    { name: "api-to-worker", from: "api", to: "worker" },
    { name: "worker-to-api", from: "worker", to: "api" },
  ],
};

test("a link is named by its ends, an acronym as it is", () => {
  assert.equal(linkTitle(ORDERS, "api-to-worker", "Client"), "API → worker");
  assert.equal(linkTitle(ORDERS, "client-to-api", "Client"), "client → API");
  assert.equal(linkTitle(ORDERS, "moon", "Client"), "moon");
});

test("the links of a service lead to it, and from it", () => {
  assert.deepEqual(linksOf(ORDERS, "worker"), ["api-to-worker", "worker-to-api"]);
  assert.deepEqual(linksOf(ORDERS, "moon"), []);
});

test("services stand from the client on, and nothing leaves the map", () => {
  const { boxes, wires } = layOut(ORDERS);
  assert.deepEqual(boxes.map((box) => box.name), ["client", "api", "worker"]);
  boxes.forEach((box, at) => {
    const next = boxes[at + 1];
    assert.ok(!next || box.x + box.width < next.x);
    assert.ok(box.x >= 0 && box.x + box.width <= WIDTH);
    assert.ok(box.y > 0 && box.y + box.height < HEIGHT);
  });
  assert.deepEqual(wires.map((wire) => wire.short), [true, false, false]);
});

test("a way back runs apart from the way there", () => {
  const [, there, back] = layOut(ORDERS).wires;
  assert.ok(there && back && there.chip.y < HEIGHT / 2 && back.chip.y > HEIGHT / 2);
});

test("a service that nobody calls, and a circle of calls, are drawn all the same", () => {
  const odd = {
    services: ["a", "b", "alone"].map((name) => ({ name, title: name, port: 1 })),
    links: [
      { name: "1", from: "client", to: "a" },
      { name: "2", from: "a", to: "b" },
      { name: "3", from: "b", to: "client" },
    ],
  };
  const { boxes, wires } = layOut(odd);
  assert.deepEqual(boxes.map((box) => box.name), ["client", "a", "b", "alone"]);
  assert.equal(wires.length, 3);
});
