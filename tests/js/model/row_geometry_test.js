import assert from "node:assert/strict";
import { test } from "node:test";
import {
  rowAfterKey,
  RowGeometry,
} from "../../../dashboard/static/dashboard/model/trace/row_geometry.js";

const plain = new RowGeometry({ count: 100, height: 30 });
const opened = new RowGeometry({ count: 100, height: 30, opened: 10, detailsHeight: 200 });

test("details push down the rows below them alone", () => {
  assert.deepEqual([plain.totalHeight, opened.totalHeight], [3000, 3200]);
  assert.deepEqual([opened.top(10), opened.detailsTop, opened.top(11)], [300, 330, 530]);
  assert.equal(plain.top(11), 330);
});

test("without details their height does not count", () => {
  const closed = new RowGeometry({ count: 100, height: 30, opened: -1, detailsHeight: 200 });
  assert.equal(closed.totalHeight, 3000);
  assert.equal(closed.top(50), 1500);
});

test("every row that is in sight is within the range that is drawn, and few others are", () => {
  for (const geometry of [plain, opened]) {
    for (let scrollTop = 0; scrollTop < geometry.totalHeight - 300; scrollTop += 7) {
      const { from, to } = geometry.inSight(scrollTop, 300);
      for (let index = 0; index < 100; index++) {
        const top = geometry.top(index);
        const seen = top + 30 > scrollTop && top < scrollTop + 300;
        assert.ok(!seen || (index >= from && index < to), `${index} at ${scrollTop}`);
      }
      assert.ok(to - from <= 30);
    }
  }
});

test("a row is scrolled to by the shortest way, and not at all when it is in sight", () => {
  assert.equal(plain.scrolledTo(20, 500, 300), 500);
  assert.equal(plain.scrolledTo(2, 500, 300), 60);
  assert.equal(plain.scrolledTo(50, 500, 300), 1230);
  assert.equal(opened.scrolledTo(50, 500, 300), 1430);
});

test("keys move by a row, by a page or to an end, and stay within the list", () => {
  const list = { count: 50, page: 9 };
  const after = (/** @type {string} */ key, index = 20) => rowAfterKey(key, index, list);
  assert.deepEqual(["j", "ArrowDown", "k", "ArrowUp"].map((key) => after(key)), [21, 21, 19, 19]);
  assert.deepEqual(["PageDown", "PageUp"].map((key) => after(key)), [29, 11]);
  assert.deepEqual(["Home", "End"].map((key) => after(key)), [0, 49]);
  assert.deepEqual([after("PageUp", 3), after("PageDown", 45), after("k", 0)], [0, 49, 0]);
  assert.equal(after("x"), undefined);
});

test("which row is at a height, also below open details", () => {
  const list = new RowGeometry({ count: 10, height: 20, opened: 2, detailsHeight: 100 });
  assert.deepEqual([0, 19, 45, 100, 165, 181, 9999].map((top) => list.indexAt(top)), [
    0,
    0,
    2,
    3,
    3,
    4,
    9,
  ]);
});
