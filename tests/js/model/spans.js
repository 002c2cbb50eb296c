/** @typedef {import("../../../dashboard/static/dashboard/model/trace/span.js").Span} Span */

/**
 * A span for a test.
 * @param {string} spanId
 * @param {string} parentSpanId empty for a root
 * @param {number} start
 * @param {number | null} end
 * @param {Partial<Span>} [more]
 * @returns {Span}
 */
export const span = (spanId, parentSpanId, start, end, more = {}) => ({
  key: spanId,
  spanId,
  parentSpanId,
  name: spanId,
  kind: "INTERNAL",
  service: "api",
  start,
  startUnknown: false,
  end,
  state: end === null ? "open" : "ended",
  failed: false,
  errorKind: null,
  events: [],
  ...more,
});

/**
 * Numbers that look random and are the same for the same seed.
 * @param {number} seed
 * @returns {(limit: number) => number} from 0 to below the limit
 */
export function seeded(seed) {
  let state = seed * 7919 + 1;
  return (limit) => (state = (state * 16807) % 2147483647) % limit;
}

/**
 * Spans whose parents may be missing, circular or ended before them.
 * @param {number} seed
 * @returns {Span[]}
 */
export function anySpans(seed) {
  const random = seeded(seed);
  const services = ["client", "api", "worker"];
  return Array.from({ length: 1 + random(24) }, (_, n) => {
    const start = random(1000);
    const parent = random(5) ? `s${random(28)}` : "";
    const end = random(8) ? start + random(400) : null;
    return span(`s${n}`, parent, start, end, { service: services[random(3)] ?? "api" });
  });
}
