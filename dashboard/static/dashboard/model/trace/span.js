/**
 * @typedef {object} Span What is drawn of a span; times are nanoseconds from the trace's base.
 * @property {string} key its span id, or more where another span of the trace has the same one
 * @property {string} spanId
 * @property {string} parentSpanId empty for a root
 * @property {string} name
 * @property {string} [target] what it asks for, where its name has the method alone
 * @property {string} kind
 * @property {string} service
 * @property {number} start
 * @property {boolean} startUnknown whether no start is on record; `start` is then its end
 * @property {number | null} end
 * @property {"open" | "ended" | "abandoned"} state
 * @property {boolean} failed
 * @property {string | null} errorKind
 * @property {Array<{name: string, at: number}>} events
 * @property {boolean} [cut] whether it is shown as it was before its end
 *
 * @typedef {Readonly<Record<string, number>>} Offsets by how much each service's clock is moved, ns
 *
 * @typedef {import("../log_filter.js").LogLine & {at: number}} TraceLog
 *   A log line, with its nanoseconds from the trace's base.
 */

/** How many spans of one id are looked at for a parent: two make sense, more may be reported. */
export const MOST_SHARING = 16;
const CALLERS = ["CLIENT", "PRODUCER"];
const CALLEES = ["SERVER", "CONSUMER"];
const KINDS = ["UNSPECIFIED", "INTERNAL", ...CALLERS, ...CALLEES];

/**
 * What a span is called where it is shown: a method alone says too little.
 * @param {Pick<Span, "name" | "target">} span
 * @returns {string} empty where nothing is known
 */
export function shownName({ name, target }) {
  return target ? `${name} ${target}` : name;
}

/**
 * Finds the key of a span: the first of an id has the id itself, others of that id have theirs.
 * @param {{spanId: string, service: string, kind: string}} span
 * @param {ReadonlyMap<string, {service: string, kind: string}>} spans by their keys
 * @returns {string}
 */
export function keyFor({ spanId, service, kind }, spans) {
  const first = spans.get(spanId);
  const isFirst = !first || (first.service === service && first.kind === kind);
  return isFirst ? spanId : `${spanId} ${service} ${kind}`;
}

/**
 * Finds the key of the span that a record of a service names by its id alone.
 * @param {string} spanId
 * @param {string} service
 * @param {ReadonlyMap<string, {service: string}>} spans by their keys
 * @returns {string}
 */
export function keyOf(spanId, service, spans) {
  if (spans.get(spanId)?.service === service) return spanId;
  const keys = KINDS.map((kind) => `${spanId} ${service} ${kind}`);
  return keys.find((key) => spans.has(key)) ?? spanId;
}

/**
 * Finds a span's parent. Where both sides of a call share one span id, the callee's stands below
 * the caller's, and what names that id as its parent below the one of its own service.
 * @template {{spanId: string, parentSpanId: string | null, service: string, kind: string}} T
 * @param {T} span
 * @param {(spanId: string) => readonly T[]} withId the spans that have an id
 * @returns {T | undefined}
 */
export function parentIn(span, withId) {
  if (CALLEES.includes(span.kind)) {
    const caller = withId(span.spanId).find((each) => CALLERS.includes(each.kind));
    if (caller) return caller;
  }
  if (!span.parentSpanId || span.parentSpanId === span.spanId) return undefined;
  const named = withId(span.parentSpanId);
  return named.find((each) => each.service === span.service) ?? named[0];
}

/**
 * The first and the last moment of what is known of a trace.
 * @param {Iterable<Span>} spans
 * @param {Iterable<{service: string, at: number}>} logs
 * @param {Offsets} [offsets]
 * @returns {{first: number, last: number}}
 */
export function extent(spans, logs, offsets = {}) {
  let [first, last] = [Infinity, -Infinity];
  for (const span of spans) {
    const moved = offsets[span.service] ?? 0;
    first = Math.min(first, span.start + moved);
    last = Math.max(last, (span.end ?? span.start) + moved);
  }
  for (const log of logs) {
    const at = log.at + (offsets[log.service] ?? 0);
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return first > last ? { first: 0, last: 0 } : { first, last };
}
