import { MOST_SHARING, parentIn } from "../trace/span.js";

/**
 * @typedef {import("../trace/span.js").WireSpan} WireSpan
 *
 * @typedef {object} Pair Two spans of the same step; one may be missing.
 * @property {string} path service and name of it and of those above it
 * @property {number} depth
 * @property {WireSpan | null} a
 * @property {WireSpan | null} b
 * @property {"same" | "only-a" | "only-b" | "slower" | "faster" | "failed-otherwise"} verdict
 */

const MUCH = 2;
const LEAST_MS = 5;

/**
 * Aligns two traces by the path of each span: service and name from the root on, and which of
 * several alike it is.
 * @param {WireSpan[]} first
 * @param {WireSpan[]} second
 * @returns {Pair[]} in the order of the first trace, what only the second has at the end
 */
export function compare(first, second) {
  const [a, b] = [byPath(first), byPath(second)];
  const paths = [...new Set([...a.keys(), ...b.keys()])];
  return paths.map((path) => {
    const [one, other] = [a.get(path) ?? null, b.get(path) ?? null];
    return {
      path,
      depth: path.split(" › ").length - 1,
      a: one,
      b: other,
      verdict: judge(one, other),
    };
  });
}

/**
 * How long a span took, in milliseconds; null while it is open, without a start on record, and for
 * an end before the start.
 * @param {WireSpan} span
 * @returns {number | null}
 */
export function durationMs(span) {
  if (span.endTimeUnixNano === null || span.startTimeUnixNano === "0") return null;
  const length = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return length < 0n ? null : Number(length) / 1e6;
}

/**
 * When a span began; where no start is on record, its end.
 * @param {WireSpan} span
 * @returns {bigint}
 */
export function startOf(span) {
  return BigInt(span.startTimeUnixNano) || BigInt(span.endTimeUnixNano ?? 0);
}

/**
 * When a trace begins, and how long it is.
 * @param {WireSpan[]} spans
 * @returns {{first: bigint, length: number}} the length in nanoseconds, at least 1
 */
export function extent(spans) {
  let [first, last] = [0n, 0n];
  for (const span of spans) {
    const start = startOf(span);
    const end = BigInt(span.endTimeUnixNano ?? start);
    if (first === 0n || (start && start < first)) first = start;
    if (end > last) last = end;
  }
  return { first, length: Math.max(1, Number(last - first)) };
}

/**
 * @param {WireSpan | null} a
 * @param {WireSpan | null} b
 * @returns {Pair["verdict"]}
 */
function judge(a, b) {
  if (!a) return "only-b";
  if (!b) return "only-a";
  if ((a.errorKind ?? a.status.code) !== (b.errorKind ?? b.status.code)) return "failed-otherwise";
  const [one, other] = [durationMs(a) ?? 0, durationMs(b) ?? 0];
  if (other > one * MUCH && other - one > LEAST_MS) return "slower";
  if (one > other * MUCH && one - other > LEAST_MS) return "faster";
  return "same";
}

/**
 * @param {WireSpan[]} spans
 * @returns {Map<string, WireSpan>}
 */
function byPath(spans) {
  /** @type {Map<string, WireSpan[]>} */
  const byId = new Map();
  for (const span of spans) {
    const known = byId.get(span.spanId);
    if (!known) byId.set(span.spanId, [span]);
    else if (known.length < MOST_SHARING) known.push(span);
  }
  const withId = (/** @type {string} */ spanId) => byId.get(spanId) ?? [];
  const ordered = [...spans].sort((x, y) =>
    BigInt(x.startTimeUnixNano) < BigInt(y.startTimeUnixNano) ? -1 : 1
  );
  /** @type {Map<string, WireSpan>} */
  const found = new Map();
  for (const span of ordered) {
    const steps = [];
    const seen = new Set();
    for (
      let at = /** @type {WireSpan | undefined} */ (span);
      at && !seen.has(at);
      at = parentIn(at, withId)
    ) {
      seen.add(at);
      steps.unshift(`${at.service} ${at.name}`);
    }
    const path = steps.join(" › ");
    let numbered = path;
    for (let n = 2; found.has(numbered); n++) numbered = `${path} #${n}`;
    found.set(numbered, span);
  }
  return found;
}
