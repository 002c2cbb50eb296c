import assert from "node:assert/strict";
import { test } from "node:test";
import {
  briefly,
  clock,
  dateAndTime,
  duration,
  now,
  whole,
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

test("a moment of another day is told by its day, in the same room", () => {
  const nanoseconds = (/** @type {number} */ ms) => String(BigInt(ms) * 1000000n);
  const now_ = new Date();
  const yearsAgo = new Date(now_.getFullYear() - 3, 0, 2, 3, 4, 5).getTime();
  assert.match(briefly(nanoseconds(now_.getTime() - 1000)), /^\d\d:\d\d:\d\d\.\d{3}$/);
  assert.equal(briefly(nanoseconds(yearsAgo)), `${now_.getFullYear() - 3}-01-02`);
  // Half a year from now, or before, whichever is in this year.
  const other = new Date(now_.getFullYear(), (now_.getMonth() + 6) % 12, 2, 3, 4, 5);
  const month = String(other.getMonth() + 1).padStart(2, "0");
  assert.equal(briefly(nanoseconds(other.getTime())), `${month}-02 03:04`);
});

test("a moment is told whole with its date, where it is not of today", () => {
  const before = globalThis.document;
  globalThis.document = /** @type {any} */ ({ documentElement: { lang: "ja" } });
  assert.match(whole(String(BigInt(Date.now()) * 1000000n)), /^\d\d:\d\d:\d\d\.\d{3}$/);
  assert.match(whole("1700000000123999999"), /^2023\/11\/1\d /);
  globalThis.document = before;
});
