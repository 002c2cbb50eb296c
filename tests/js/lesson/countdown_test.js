import assert from "node:assert/strict";
import { test } from "node:test";
import { timeLeft } from "../../../lesson/static/lesson/model/countdown.js";

test("the time left is shown in minutes and seconds, begun ones in full", () => {
  assert.deepEqual(timeLeft(300_000, 0), { minutes: "5", seconds: "00" });
  assert.deepEqual(timeLeft(300_000, 1), { minutes: "5", seconds: "00" });
  assert.deepEqual(timeLeft(300_000, 236_500), { minutes: "1", seconds: "04" });
  assert.deepEqual(timeLeft(10, 0), { minutes: "0", seconds: "01" });
});

test("time that is up is none", () => {
  assert.equal(timeLeft(1_000, 1_000), null);
  assert.equal(timeLeft(1_000, 9_000), null);
});
