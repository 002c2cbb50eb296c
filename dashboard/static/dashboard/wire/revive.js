/**
 * @typedef {import("../model/trace.js").Span} Span
 * @typedef {import("../model/log_filter.js").LogLine} LogLine
 * @typedef {LogLine & {at: number}} TraceLog A log line, with its nanoseconds from the trace's base.
 */

/**
 * Turns a moment into nanoseconds from a trace's base. Within 104 days of it that is exact.
 * @param {string} unixNano
 * @param {bigint} base
 * @returns {number}
 */
export function sinceBase(unixNano, base) {
  return Number(BigInt(unixNano) - base);
}

/**
 * Turns rows of an outline into spans.
 * @param {string[]} columns
 * @param {any[][]} outline
 * @param {bigint} base
 * @returns {Span[]}
 */
export function spansOf(columns, outline, base) {
  const place = Object.fromEntries(columns.map((name, index) => [name, index]));
  const at = (/** @type {any[]} */ row, /** @type {string} */ name) => row[place[name] ?? -1];
  return outline.map((row) => {
    const end = at(row, "endTimeUnixNano");
    const errorKind = at(row, "errorKind");
    return {
      spanId: at(row, "spanId"),
      parentSpanId: at(row, "parentSpanId"),
      name: at(row, "name"),
      kind: at(row, "kind"),
      service: at(row, "service"),
      start: sinceBase(at(row, "startTimeUnixNano"), base),
      end: end === null ? null : sinceBase(end, base),
      state: at(row, "state"),
      failed: at(row, "statusCode") === "ERROR" || errorKind !== null,
      errorKind,
      events: at(row, "events").map((/** @type {[string, string]} */ [name, time]) => ({
        name,
        at: sinceBase(time, base),
      })),
    };
  });
}
