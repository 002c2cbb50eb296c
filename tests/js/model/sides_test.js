import assert from "node:assert/strict";
import { test } from "node:test";
import {
  computeLayout,
  sideLayout,
} from "../../../dashboard/static/dashboard/model/trace/layout.js";
import { anySpans, seeded, span } from "./spans.js";

/**
 * @typedef {import("../../../dashboard/static/dashboard/model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../dashboard/static/dashboard/model/trace/span.js").Span} Span
 * @typedef {import("../../../dashboard/static/dashboard/model/trace/span.js").TraceLog} TraceLog
 */

/** @param {Layout} layout @returns {unknown} all that is drawn of it */
const drawn = (layout) => [
  layout.listed.map((row) => {
    const { start, end, depth, next, parent, orphan, selfParent, early, outlives } = row;
    return [row.span.key, start, end, depth, next, parent, orphan, selfParent, early, outlives];
  }),
  layout.listed.map(({ span: { key } }) => layout.tree.rowOf(key)),
  [layout.services, layout.logs, [...layout.logsOfSpan], layout.first, layout.last],
  [layout.silences, [...layout.path], layout.skew],
];

/** @param {Span[]} spans @param {TraceLog[]} logs @param {Record<string, number>} offsets @returns {number} */
function sidesThatAreTaken(spans, logs, offsets) {
  const whole = computeLayout(spans, logs, offsets);
  const sides = ["client", "api", "worker", "nobody"].map((service) => {
    const side = sideLayout(whole, service);
    if (!side) return 0;
    const alone = computeLayout(
      spans.filter((each) => each.service === service),
      logs.filter((each) => each.service === service),
      offsets,
    );
    assert.deepEqual(drawn(side), drawn(alone));
    return side.listed.length;
  });
  return sides.filter(Boolean).length;
}

test("a side taken out of the whole is what its spans alone are laid out to", () => {
  let taken = 0;
  for (let seed = 1; seed <= 600; seed++) {
    const random = seeded(seed);
    const spans = anySpans(seed).map((each, n) => {
      // Many begin at once, and few go on or have a parent that came later.
      const start = Math.floor(each.start / 100) * 10_000_000;
      const end = start + random(30) * 7_000_000;
      const parentSpanId = n && random(6) ? `s${random(random(4) ? n : 28)}` : "";
      const goesOn = random(60) === 0;
      return {
        ...each,
        parentSpanId,
        start,
        end: goesOn ? null : end,
        state: goesOn ? "open" : "ended",
      };
    });
    const logs = Array.from({ length: random(6) }, (_, seq) => ({
      seq,
      at: random(90) * 10_000_000,
      service: random(2) ? "api" : "worker",
      spanId: random(2) ? `s${random(28)}` : null,
    })).sort((a, b) => a.at - b.at);
    /** @type {Record<string, number>} */
    const offsets = random(3) ? {} : { worker: (random(9) - 4) * 5_000_000, api: random(7) };
    taken += sidesThatAreTaken(
      /** @type {Span[]} */ (spans),
      /** @type {TraceLog[]} */ (/** @type {unknown} */ (logs)),
      offsets,
    );
  }
  assert.ok(taken > 500, `${taken} alone were taken`);
});

test("where an id is shared, a span goes on or time runs backwards, a side is made anew", () => {
  const call = { service: "shop", kind: "CLIENT" };
  const answer = { service: "bank", kind: "SERVER" };
  const odd = [
    [span("a", "", 0, 9, call), span("a", "", 1, 8, answer)],
    [span("a", "", 0, 9, call), span("b", "a", 1, null, answer)],
    [span("a", "", 0, 9, call), span("b", "a", 5, 3, answer)],
    [span("a", "b", 0, 9, call), span("b", "a", 1, 8, answer)],
  ];
  for (const spans of odd) assert.equal(sideLayout(computeLayout(spans, []), "bank"), null);
  const plain = [span("a", "", 0, 9, call), span("b", "a", 1, 8, answer)];
  const side = sideLayout(computeLayout(plain, []), "bank");
  assert.deepEqual(side?.listed.map((row) => [row.span.key, row.orphan]), [["b", true]]);
});
