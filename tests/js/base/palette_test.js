import assert from "node:assert/strict";
import { test } from "node:test";
import { hue, learnColours } from "../../../dashboard/static/dashboard/base/palette.js";

test("the lab's own services have their own colours, whatever is learnt", () => {
  learnColours({ api: 7 });
  assert.deepEqual(["client", "api", "worker"].map(hue), ["client", "api", "worker"]);
});

test("a service has the colour that the observer gave it, and none before", () => {
  assert.equal(hue("cart"), "no-hue");
  learnColours({ cart: 4, price: 11 });
  assert.deepEqual([hue("cart"), hue("price")], ["hue-4", "hue-11"]);
});
