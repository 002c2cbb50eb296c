import { SpanColumns } from "../columns/span_columns.js";
import { computeLayout } from "../layout.js";

/**
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../span.js").Span} Span
 * @typedef {import("../span.js").Offsets} Offsets
 * @typedef {import("../span.js").TraceLog} TraceLog
 * @typedef {import("../messages/message.js").Message} Message
 */

/** How fast time passes while it is played, beside the real one. */
export const SPEEDS = [1, 0.1, 0.01];

const SHORTEST_PLAYED_NS = 1e9;

/**
 * Whenever something begins, ends or is written in a trace.
 * @param {Pick<Layout, "tree" | "logs" | "first" | "last">} layout of the whole trace
 * @param {ReadonlyArray<{from: number, to: number}>} [windows] faults that were in force
 * @returns {number[]} in their order, each once
 */
export function momentsOf({ tree: { columns, data }, logs, first, last }, windows = []) {
  const { start: starts, end: ends } = columns.data;
  const found = new Float64Array(2 * data.of.length);
  let count = 0;
  /** @type {number[]} */
  const others = [];
  data.of.forEach((place, at) => {
    const start = data.start[at] ?? 0;
    found[count++] = start;
    if (!Number.isNaN(ends[place])) found[count++] = data.end[at] ?? 0;
    if (!columns.events.any) return;
    for (const event of columns.eventsAt(place)) {
      others.push(event.at + start - (starts[place] ?? 0));
    }
  });
  for (const { at } of logs) others.push(at);
  for (const { from, to } of windows) others.push(from, to);
  const all = new Float64Array(count + others.length);
  all.set(found.subarray(0, count));
  all.set(others, count);
  return Array.from(
    all.sort().filter((each, n) => each !== all[n - 1] && each >= first && each <= last),
  );
}

/**
 * The last moment of which anything is on record by then.
 * @param {readonly number[]} moments
 * @param {number} at
 * @returns {number}
 */
export function reached(moments, at) {
  return moments.findLast((each) => each <= at) ?? moments[0] ?? at;
}

/**
 * Where the handle of time is after a step from moment to moment.
 * @param {readonly number[]} moments
 * @param {number | null} at null at the end, where it rests
 * @param {1 | -1} step
 * @returns {number | null}
 */
export function stepped(moments, at, step) {
  const end = moments.at(-1) ?? 0;
  const from = at ?? end;
  const to = step > 0
    ? moments.find((each) => each > from)
    : moments.findLast((each) => each < from) ?? moments[0];
  return to === undefined || to >= end ? null : to;
}

/**
 * Where the handle is when it is played on. What is folded takes no time.
 * @param {number} at
 * @param {number} passed nanoseconds of the trace
 * @param {import("../axis.js").Axis} axis
 * @returns {number | null} null when it has come to the end
 */
export function playedTo(at, passed, axis) {
  let to = at + passed;
  for (const { from, to: until } of axis.folded) {
    if (until > at && to > from) to += until - Math.max(at, from);
  }
  return to >= axis.last ? null : to;
}

/**
 * The fastest speed at which a trace can be followed by eye.
 * @param {number} active nanoseconds in which something happens
 * @returns {number}
 */
export function speedFor(active) {
  return SPEEDS.find((each) => active / each >= SHORTEST_PLAYED_NS) ?? SPEEDS.at(-1) ?? 1;
}

/**
 * Lays a trace out as it was at a moment, along the axis of the whole: what goes on then has no end,
 * and did not fail yet.
 * @param {Layout} whole
 * @param {SpanColumns | Iterable<Span>} spans all of them
 * @param {TraceLog[]} logs all of them
 * @param {number} at
 * @param {Offsets} [offsets]
 * @returns {Layout}
 */
export function layoutAt(whole, spans, logs, at, offsets = {}) {
  const begun = SpanColumns.of(spans).until(at, offsets);
  const written = logs.filter((log) => log.at + (offsets[log.service] ?? 0) <= at);
  const { first, last, silences, skew } = whole;
  return { ...computeLayout(begun, written, offsets, at), first, last, silences, skew };
}

/**
 * The faults that had been set by a moment; those that are healed later last until it.
 * @template {{from: number, to: number}} T
 * @param {T[]} windows
 * @param {number} at
 * @returns {T[]}
 */
export function windowsAt(windows, at) {
  return windows.filter(({ from }) => from <= at)
    .map((each) => ({ ...each, to: Math.min(each.to, at) }));
}

/**
 * The messages that had been sent by a moment, with what had become of them by then.
 * @param {Message[]} messages
 * @param {bigint} at in Unix nanoseconds
 * @returns {Message[]}
 */
export function messagesAt(messages, at) {
  const later = (/** @type {string | null} */ time) => time !== null && BigInt(time) > at;
  return messages.filter(({ sentUnixNano }) => !later(sentUnixNano)).map((message) =>
    later(message.receivedUnixNano) || later(message.gaveUpUnixNano)
      ? {
        ...message,
        receivedUnixNano: null,
        gaveUpUnixNano: null,
        errorKind: null,
        outcome: "unknown",
      }
      : message
  );
}
