import assert from "node:assert/strict";
import { test } from "node:test";
import { placed } from "../../../dashboard/static/dashboard/model/label_rows.js";
import { seeded } from "./spans.js";

const measure = (/** @type {string} */ text) => text.length * 6;

test("labels never cover each other, and stay within the width", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const wishes = Array.from({ length: 12 }, () => ({
      text: "x".repeat(1 + random(14)),
      kind: "",
      x: random(400),
      anchor: /** @type {const} */ (["start", "middle", "end"])[random(3)] ?? "start",
      rows: random(2) ? [0] : [1, 0],
    }));
    const found = placed(wishes, 400, measure);
    found.forEach((label, at) => {
      assert.ok(label.left >= 0 && label.left + label.width <= 400);
      for (const other of found.slice(at + 1)) {
        const apart = label.left + label.width < other.left ||
          other.left + other.width < label.left;
        assert.ok(label.row !== other.row || apart);
      }
    });
  }
});

test("what matters most comes first, goes to another row, and is never left out", () => {
  const at = { kind: "", x: 50, anchor: /** @type {const} */ ("start") };
  const found = placed(
    [
      { ...at, text: "first", rows: [1, 0] },
      { ...at, text: "second", rows: [1, 0] },
      { ...at, text: "third", rows: [1, 0] },
      { ...at, text: "needed", rows: [1, 0], needed: true },
    ],
    400,
    measure,
  );
  assert.deepEqual(found.map(({ text, row }) => [text, row]), [
    ["first", 1],
    ["second", 0],
    ["needed", 0],
  ]);
});

test("one that may move goes to the right of what is in its way, no farther than it may", () => {
  const at = { kind: "", anchor: /** @type {const} */ ("start"), rows: [0] };
  const taken = { ...at, text: "taken", x: 50 };
  const moved = placed([taken, { ...at, text: "moved", x: 40, until: 200 }], 400, measure);
  assert.deepEqual(moved.map(({ text, left }) => [text, left]), [["taken", 50], ["moved", 86]]);
  assert.equal(
    placed([taken, { ...at, text: "moved", x: 40, until: 100 }], 400, measure).length,
    1,
  );
});
