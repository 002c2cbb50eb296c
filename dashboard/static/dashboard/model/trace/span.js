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
 * @property {readonly {name: string, at: number}[]} events
 * @property {boolean} [cut] whether it is shown as it was before its end
 *
 * @typedef {Readonly<Record<string, number>>} Offsets by how much each service's clock is moved, ns
 *
 * @typedef {import("../log_filter.js").LogLine & {at: number}} TraceLog
 *   A log line, with its nanoseconds from the trace's base.
 */

/** How many spans of one id are looked at for a parent: two make sense, more may be reported. */
export const MOST_SHARING = 16;
export const CALLERS = ["CLIENT", "PRODUCER"];
export const CALLEES = ["SERVER", "CONSUMER"];
export const KINDS = ["UNSPECIFIED", "INTERNAL", ...CALLERS, ...CALLEES];

/**
 * What a span is called where it is shown: a method alone says too little.
 * @param {Pick<Span, "name" | "target">} span
 * @returns {string} empty where nothing is known
 */
export function shownName({ name, target }) {
  return target ? `${name} ${target}` : name;
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
