import assert from "node:assert/strict";
import { test } from "node:test";
import { Axis, tickCount } from "../../../dashboard/static/dashboard/model/trace/axis.js";
import { silences } from "../../../dashboard/static/dashboard/model/trace/folding.js";
import { seeded } from "./spans.js";

const MS = 1_000_000;

test("a long silence is found, and a little of each side is left", () => {
  const found = silences([0, 10 * MS, 5000 * MS, 5010 * MS]);
  assert.equal(found.length, 1);
  for (const { from, to } of found) assert.ok(from > 10 * MS && to < 5000 * MS);
});

test("a short trace has no silence worth folding", () => {
  assert.deepEqual(silences([0, 5 * MS, 40 * MS]), []);
  assert.deepEqual(silences([]), []);
  assert.deepEqual(silences([7, 7]), []);
});

test("a silence that is long beside what is left is found too", () => {
  const moments = [0, 5 * MS, 805 * MS, 810 * MS, 5000 * MS, 5005 * MS];
  assert.equal(silences(moments).length, 2);
});

test("silences are apart, in order, and nothing happens in them", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const moments = Float64Array.from({ length: 3 + random(30) }, () => random(90_000) * MS).sort();
    const found = silences(moments);
    found.forEach((each, n) => {
      assert.ok(each.from < each.to);
      assert.ok(each.from >= (found[n - 1]?.to ?? 0));
      assert.ok(!moments.some((moment) => moment > each.from && moment < each.to));
    });
  }
});

test("without a fold, positions are in proportion, and what lies outside is at the ends", () => {
  const axis = new Axis(0, 100);
  assert.equal(axis.position(0), 0);
  assert.equal(axis.position(25), 0.25);
  assert.equal(axis.position(100), 1);
  assert.equal(axis.position(-5), 0);
  assert.equal(axis.position(500), 1);
});

test("with folds, later moments are never placed before earlier ones, and positions lead back", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const ordered = Array.from({ length: 12 }, () => (random(1000) / 1000) ** 4 * 8e9)
      .sort((a, b) => a - b);
    const axis = new Axis(ordered[0] ?? 0, ordered.at(-1) ?? 0, silences(ordered));
    const positions = ordered.map((moment) => axis.position(moment));
    positions.forEach((position, index) => {
      assert.ok(position >= 0 && position <= 1);
      assert.ok(index === 0 || position >= (positions[index - 1] ?? 0) - 1e-9);
      assert.ok(Math.abs(axis.position(axis.moment(position)) - position) < 1e-6);
    });
  }
});

test("a fold leaves what is lively most of the room", () => {
  const moments = [0, 10 * MS, 20 * MS, 5000 * MS, 5020 * MS];
  const axis = new Axis(0, 5020 * MS, silences(moments));
  assert.ok(axis.position(20 * MS) > 0.2);
});

test("a short burst between two silences has room for its marks", () => {
  const folded = [{ from: 500 * MS, to: 8990 * MS }, { from: 9010 * MS, to: 20_000 * MS }];
  const axis = new Axis(0, 20_400 * MS, folded);
  assert.equal(axis.folded.length, 2);
  assert.ok(axis.position(9010 * MS) - axis.position(8990 * MS) > 0.08);
});

test("a fold that a zoom does not hold whole is drawn in full", () => {
  const folded = [{ from: 20, to: 80 }];
  assert.equal(new Axis(50, 100, folded).folded.length, 0);
  assert.equal(new Axis(0, 100, folded).folded.length, 1);
});

test("marks are bounded, in order, and never within a fold", () => {
  const moments = [0, 10 * MS, 3_600_000 * MS, 3_600_010 * MS];
  const axis = new Axis(0, 3_600_010 * MS, silences(moments));
  const ticks = axis.ticks(6);
  assert.ok(ticks.length > 1 && ticks.length <= 100);
  for (const tick of ticks) {
    assert.ok(!axis.folded.some((each) => tick > each.from && tick < each.to));
  }
});

test("the marks of a zoom are counted from the beginning of the trace", () => {
  assert.deepEqual(new Axis(150, 450).ticks(3, 0), [200, 300, 400]);
});

test("a wide axis has more marks than a narrow one, from two to eight", () => {
  assert.deepEqual([-50, 0, 500, 5000].map(tickCount), [2, 2, 4, 8]);
});
