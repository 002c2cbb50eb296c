/**
 * @typedef {Omit<import("../model/trace/span.js").Span, "key">} Span
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
 * The first moment that is on record of some spans. A start of 0 is unknown.
 * @param {string[]} columns
 * @param {any[][]} outline
 * @returns {bigint | null}
 */
export function firstMoment(columns, outline) {
  for (const name of ["startTimeUnixNano", "endTimeUnixNano"]) {
    const place = columns.indexOf(name);
    const known = outline.find((row) => row[place] !== null && row[place] !== "0");
    if (known) return BigInt(known[place]);
  }
  return null;
}

/**
 * Turns rows of an outline into spans. Where no start is on record, the end stands for it.
 * @param {string[]} columns
 * @param {any[][]} outline
 * @param {bigint} base
 * @returns {Span[]}
 */
export function spansOf(columns, outline, base) {
  const place = Object.fromEntries(columns.map((name, index) => [name, index]));
  const at = (/** @type {any[]} */ row, /** @type {string} */ name) => row[place[name] ?? -1];
  return outline.map((row) => {
    const wireEnd = at(row, "endTimeUnixNano");
    const end = wireEnd === null ? null : sinceBase(wireEnd, base);
    const startUnknown = at(row, "startTimeUnixNano") === "0";
    const errorKind = at(row, "errorKind");
    return {
      spanId: at(row, "spanId"),
      parentSpanId: at(row, "parentSpanId"),
      name: at(row, "name"),
      target: at(row, "target") ?? "",
      kind: at(row, "kind"),
      service: at(row, "service"),
      start: startUnknown ? end ?? 0 : sinceBase(at(row, "startTimeUnixNano"), base),
      startUnknown,
      end,
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

/**
 * @typedef {Record<string, number | string>} Parameters of a fault
 */

/**
 * Turns faults that were in force into nanoseconds from a trace's base.
 * @param {Array<{target: string, kind: string, parameters: Parameters, fromUnixNano: string, toUnixNano: string | null}>} windows
 * @param {bigint} base
 * @param {number} last until when a fault that is in force counts
 * @returns {Array<{target: string, kind: string, parameters: Parameters, from: number, to: number}>}
 */
export function windowsOf(windows, base, last) {
  return windows.map(({ target, kind, parameters, fromUnixNano, toUnixNano }) => ({
    target,
    kind,
    parameters,
    from: sinceBase(fromUnixNano, base),
    to: toUnixNano === null ? last : sinceBase(toUnixNano, base),
  }));
}
