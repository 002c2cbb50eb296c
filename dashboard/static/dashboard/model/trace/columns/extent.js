import { SpanColumns } from "./span_columns.js";

/**
 * @param {SpanColumns} columns
 * @param {import("../span.js").Offsets} offsets
 * @returns {Float64Array} by how much each span's clock is moved, by the numbers of the services
 */
export function movedBy({ texts }, offsets) {
  const moved = new Float64Array(texts.all.length);
  for (const [service, offset] of Object.entries(offsets)) {
    const number = texts.numberOf(service);
    if (number >= 0) moved[number] = offset;
  }
  return moved;
}

/**
 * The first and the last moment of what is known of a trace.
 * @param {SpanColumns | Iterable<import("../span.js").Span>} spans
 * @param {Iterable<{service: string, at: number}>} logs
 * @param {import("../span.js").Offsets} [offsets]
 * @returns {{first: number, last: number}}
 */
export function extent(spans, logs, offsets = {}) {
  const columns = SpanColumns.of(spans);
  const moved = movedBy(columns, offsets);
  const { start, end, service } = columns.data;
  let [first, last] = [Infinity, -Infinity];
  for (let place = 0; place < columns.count; place++) {
    const by = moved[service[place] ?? 0] ?? 0;
    const [from, to] = [start[place] ?? 0, end[place] ?? NaN];
    const until = Number.isNaN(to) ? from : to;
    if (from + by < first) first = from + by;
    if (until + by > last) last = until + by;
  }
  for (const log of logs) {
    const at = log.at + (offsets[log.service] ?? 0);
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return first > last ? { first: 0, last: 0 } : { first, last };
}
