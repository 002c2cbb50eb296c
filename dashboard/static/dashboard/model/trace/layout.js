import { Axis } from "./axis.js";
import { criticalPath } from "./critical_path.js";
import { silences } from "./folding.js";
import { estimates } from "./oddities/skew.js";
import { rows } from "./rows.js";
import { extent, keyOf } from "./span.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./span.js").TraceLog} TraceLog
 *
 * @typedef {object} Layout Where everything of a trace is drawn, in every view.
 * @property {Row[]} listed
 * @property {TraceLog[]} logs with the clocks of their services moved as chosen
 * @property {Map<string, TraceLog[]>} logsOfSpan by the keys of the spans
 * @property {(spanId: string, service: string) => string} keyOf the key of the span that a record of
 *   a service names
 * @property {number} first
 * @property {number} last
 * @property {import("./folding.js").Silence[]} silences
 * @property {Map<number, import("./critical_path.js").Part[]>} path
 * @property {import("./oddities/skew.js").Estimate[]} skew with the clocks as they are
 */

/**
 * Lays a trace out.
 * @param {Span[]} spans
 * @param {TraceLog[]} logs
 * @param {import("./span.js").Offsets} [offsets]
 * @param {number} [now] until when open spans have lasted, if that is known
 * @returns {Layout}
 */
export function computeLayout(spans, logs, offsets = {}, now = -Infinity) {
  const moved = Object.values(offsets).some((each) => each !== 0);
  const shownLogs = moved
    ? logs
      .map((log) => ({ ...log, at: log.at + (offsets[log.service] ?? 0) }))
      .sort((a, b) => a.at - b.at)
    : logs;
  const known = extent(spans, logs, offsets);
  const first = known.first;
  const last = Math.max(known.last, now);
  const listed = rows(spans, last, offsets);
  const unmoved = moved ? rows(spans, extent(spans, logs).last) : listed;
  const byKey = new Map(spans.map((span) => [span.key, span]));
  const keyOfRecord = (/** @type {string} */ spanId, /** @type {string} */ service) =>
    keyOf(spanId, service, byKey);
  /** @type {Map<string, TraceLog[]>} */
  const logsOfSpan = new Map();
  for (const log of shownLogs) {
    if (!log.spanId) continue;
    const key = keyOfRecord(log.spanId, log.service);
    const of = logsOfSpan.get(key);
    if (of) of.push(log);
    else logsOfSpan.set(key, [log]);
  }
  return {
    listed,
    logs: shownLogs,
    logsOfSpan,
    keyOf: keyOfRecord,
    first,
    last,
    silences: silences(moments(listed, shownLogs)),
    path: criticalPath(listed),
    skew: estimates(unmoved),
  };
}

/**
 * The axis of time that all views of a trace share.
 * @param {Layout} layout
 * @param {Readonly<import("./view_state.js").Shown>} state
 * @returns {Axis}
 */
export function axisOf(layout, state) {
  const { from, to } = state.zoom ?? { from: layout.first, to: layout.last };
  return new Axis(from, to, state.unfolded ? [] : layout.silences);
}

/**
 * @param {Row[]} listed
 * @param {TraceLog[]} logs
 * @returns {Float64Array}
 */
function moments(listed, logs) {
  const found = new Float64Array(2 * listed.length + logs.length);
  let at = 0;
  for (const row of listed) {
    found[at++] = row.start;
    // Whatever is still running makes no silence between its start and now.
    found[at++] = row.span.end === null ? row.start : row.end;
  }
  for (const log of logs) found[at++] = log.at;
  return found;
}
