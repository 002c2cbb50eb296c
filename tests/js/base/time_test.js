import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clock,
  dateAndTime,
  duration,
  now,
} from "../../../dashboard/static/dashboard/base/time.js";

test("a duration has the unit that suits it", () => {
  assert.deepEqual([0.25, 3.21, 800, 5012].map(duration), ["250 µs", "3.2 ms", "800 ms", "5.01 s"]);
  const long = [119_000, 125_900, 7_199_000, 7_200_000, 30 * 3_600_000];
  assert.deepEqual(long.map(duration), [
    "119.00 s",
    "2 min 5 s",
    "119 min 59 s",
    "2 h 0 min",
    "1 d 6 h",
  ]);
});

test("a moment is shown to the millisecond", () => {
  assert.match(clock("1700000000123999999"), /^\d\d:\d\d:\d\d\.123$/);
});

test("the clock counts nanoseconds since the epoch", () => {
  const difference = Number(now() / 1000000n) - Date.now();
  assert.ok(Math.abs(difference) < 1000);
});

test("a date is written as the page's language has it, whatever the browser's is", () => {
  const before = globalThis.document;
  const written = (/** @type {string} */ lang) => {
    globalThis.document = /** @type {any} */ ({ documentElement: { lang } });
    return dateAndTime("2026-01-31T12:00:00Z");
  };
  assert.match(written("ja"), /^2026\/1\/31/);
  assert.match(written("en"), /^1\/31\/2026/);
  globalThis.document = before;
});
