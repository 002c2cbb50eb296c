import assert from "node:assert/strict";
import { test } from "node:test";
import { Axis, silences } from "../../dashboard/static/dashboard/model/axis.js";

const MS = 1_000_000n;

test("a long silence is found, and a little of each side is left", () => {
  const found = silences([0n, 10n * MS, 5000n * MS, 5010n * MS]);
  assert.equal(found.length, 1);
  for (const { from, to } of found) assert.ok(from > 10n * MS && to < 5000n * MS);
});

test("a short trace has no silence worth folding", () => {
  assert.deepEqual(silences([0n, 5n * MS, 40n * MS]), []);
  assert.deepEqual(silences([]), []);
  assert.deepEqual(silences([7n, 7n]), []);
});

test("a silence that is long beside what is left is found too", () => {
  const moments = [0n, 5n * MS, 805n * MS, 810n * MS, 5000n * MS, 5005n * MS];
  assert.equal(silences(moments).length, 2);
});

test("without a fold, places are in proportion", () => {
  const axis = new Axis(0n, 100n);
  assert.equal(axis.place(0n), 0);
  assert.equal(axis.place(25n), 0.25);
  assert.equal(axis.place(100n), 1);
  assert.equal(axis.place(-5n), 0);
  assert.equal(axis.place(500n), 1);
});

test("with folds, later moments are never placed before earlier ones", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round++) {
    const moments = Array.from(
      { length: 12 },
      () => BigInt(Math.floor(random() ** 4 * 8e9)),
    );
    const ordered = [...moments].sort((a, b) => (a < b ? -1 : 1));
    const axis = new Axis(ordered[0] ?? 0n, ordered.at(-1) ?? 0n, silences(moments));
    const places = ordered.map((moment) => axis.place(moment));
    places.forEach((place, index) => {
      assert.ok(place >= 0 && place <= 1);
      assert.ok(index === 0 || place >= (places[index - 1] ?? 0) - 1e-9);
    });
  }
});

test("a fold leaves what is lively most of the room", () => {
  const moments = [0n, 10n * MS, 20n * MS, 5000n * MS, 5020n * MS];
  const axis = new Axis(0n, 5020n * MS, silences(moments));
  assert.ok(axis.place(20n * MS) > 0.2);
});

test("marks are bounded, in order, and never within a fold", () => {
  const moments = [0n, 10n * MS, 3_600_000n * MS, 3_600_010n * MS];
  const axis = new Axis(0n, 3_600_010n * MS, silences(moments));
  const ticks = axis.ticks(6);
  assert.ok(ticks.length > 1 && ticks.length <= 100);
  for (const tick of ticks) {
    assert.ok(!axis.folded.some((each) => tick > each.from && tick < each.to));
  }
});
