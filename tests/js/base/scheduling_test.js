import assert from "node:assert/strict";
import { mock, test } from "node:test";
import {
  afterPaint,
  coalesced,
  once,
  oneAtATime,
  spaced,
} from "../../../dashboard/static/dashboard/base/scheduling.js";

test("calls within a moment do the work once, later ones again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let count = 0;
  const call = coalesced(() => count++, 100);
  call();
  call();
  assert.equal(count, 0);
  mock.timers.tick(100);
  assert.equal(count, 1);
  call();
  mock.timers.tick(100);
  assert.equal(count, 2);
  mock.timers.reset();
});

test("what waits for a paint is done once, behind the frame that comes next", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {Array<() => void>} */
  const frames = [];
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {() => void} */ frame) => frames.push(frame),
  });
  let count = 0;
  const call = afterPaint(() => count++);
  call();
  call();
  assert.equal(frames.length, 1);
  frames[0]?.();
  assert.equal(count, 0);
  mock.timers.tick(0);
  assert.equal(count, 1);
  call();
  assert.equal(frames.length, 2);
  Reflect.deleteProperty(globalThis, "requestAnimationFrame");
  mock.timers.reset();
});

test("calls while the work is being done have it done once more afterwards", async () => {
  /** @type {Array<() => void>} */
  const pending = [];
  const run = oneAtATime(() => new Promise((resolve) => pending.push(() => resolve())));
  const first = run();
  await run();
  await run();
  assert.equal(pending.length, 1);
  pending[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(pending.length, 2);
  pending[1]?.();
  await first;
  assert.equal(pending.length, 2);
});

test("the first call is done at once, those soon after it together, a while later", async () => {
  let count = 0;
  const call = spaced(() => count++, 40);
  call();
  assert.equal(count, 1);
  call();
  call();
  assert.equal(count, 1);
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(count, 2);
  call();
  assert.equal(count, 3);
});

test("what is loaded is loaded once, and again when that failed", async () => {
  let count = 0;
  const load = once(() => {
    count++;
    return count === 1 ? Promise.reject(new Error("away")) : Promise.resolve(count);
  });
  await assert.rejects(load(), /away/);
  assert.deepEqual(await Promise.all([load(), load()]), [2, 2]);
  assert.equal(count, 2);
});
