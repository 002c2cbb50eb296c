import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byPlace,
  hue,
  learnColours,
  learnSenders,
} from "../../../dashboard/static/dashboard/base/palette.js";

test("those who have the first colours, the lab's own, come first, then others by name", () => {
  learnColours({ front: 0, shop: 1, bank: 7, auction: 4 });
  const expected = ["front", "shop", "auction", "bank", "db"];
  assert.deepEqual(["bank", "db", "shop", "auction", "front"].sort(byPlace), expected);
});

test("a service has the colour that the observer gave it, and none before", () => {
  assert.equal(hue("cart"), "no-hue");
  learnColours({ cart: 4, price: 11 });
  assert.deepEqual([hue("cart"), hue("price")], ["hue-4", "hue-11"]);
});

test("a sender without a colour of its own has that of its name, until it is given one", () => {
  const many = Array.from({ length: 600 }, (_, number) => `service-${number}`);
  learnSenders(many);
  const found = new Set(many.map(hue));
  assert.deepEqual(found.has("no-hue"), false);
  assert.equal(found.size, 9);
  assert.equal(hue("service-1"), hue("service-1"));
  learnSenders(["cart"]);
  assert.equal(hue("cart"), "hue-4");
  learnColours({ "service-1": 2 });
  assert.equal(hue("service-1"), "hue-2");
});
