import assert from "node:assert/strict";
import test from "node:test";
import { newSeed } from "../../../lesson/static/lesson/model/seed.js";

test("a seed is short and made of letters and digits that cannot be mistaken", () => {
  for (let number = 0; number < 200; number++) {
    assert.match(newSeed(), /^[a-hj-km-np-z2-9]{6}$/);
  }
});

test("every byte leads to a letter", () => {
  assert.equal(newSeed((bytes) => bytes.fill(255)).length, 6);
});
