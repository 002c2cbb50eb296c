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
 * @param {Pick<Layout, "listed" | "logs" | "first" | "last">} layout of the whole trace
 * @param {ReadonlyArray<{from: number, to: number}>} [windows] faults that were in force
 * @returns {number[]} in their order, each once
 */
export function momentsOf({ listed, logs, first, last }, windows = []) {
  /** @type {Set<number>} */
  const found = new Set();
  for (const { span, start, end } of listed) {
    found.add(start);
    if (span.end !== null) found.add(end);
    for (const event of span.events) found.add(event.at + start - span.start);
  }
  for (const { at } of logs) found.add(at);
  for (const { from, to } of windows) found.add(from).add(to);
  return [...Float64Array.from(found).sort()].filter((each) => each >= first && each <= last);
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
 * @param {Span[]} spans all of them
 * @param {TraceLog[]} logs all of them
 * @param {number} at
 * @param {Offsets} [offsets]
 * @returns {Layout}
 */
export function layoutAt(whole, spans, logs, at, offsets = {}) {
  const moved = (/** @type {string} */ service) => offsets[service] ?? 0;
  const begun = spans.flatMap((span) => {
    const local = at - moved(span.service);
    return span.start > local ? [] : [spanAt(span, local)];
  });
  const written = logs.filter((log) => log.at + moved(log.service) <= at);
  const { first, last, silences, skew } = whole;
  return { ...computeLayout(begun, written, offsets, at), first, last, silences, skew };
}

/**
 * @param {Span} span that has begun
 * @param {number} at by its own clock
 * @returns {Span}
 */
function spanAt(span, at) {
  if (span.end !== null && span.end <= at) return span;
  const events = span.events.filter((event) => event.at <= at);
  return { ...span, end: null, state: "open", failed: false, errorKind: null, events, cut: true };
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
