import { Axis } from "./axis.js";
import { criticalPath } from "./critical_path.js";
import { silences } from "./folding.js";
import { estimates } from "./skew.js";
import { extent, rows } from "./trace.js";

/**
 * @typedef {import("./trace.js").Row} Row
 * @typedef {import("./trace.js").Span} Span
 * @typedef {import("../wire/revive.js").TraceLog} TraceLog
 *
 * @typedef {object} Layout Where everything of a trace stands, whoever draws it.
 * @property {Row[]} listed
 * @property {TraceLog[]} logs with the clocks of their services moved as asked
 * @property {Map<string, TraceLog[]>} logsOfSpan
 * @property {number} first
 * @property {number} last
 * @property {import("./folding.js").Silence[]} silences
 * @property {Map<number, import("./critical_path.js").Part[]>} path
 * @property {import("./skew.js").Estimate[]} skew with the clocks as they are
 */

/**
 * Lays a trace out.
 * @param {Span[]} spans
 * @param {TraceLog[]} logs
 * @param {import("./trace.js").Offsets} [offsets]
 * @param {number} [now] until when open spans have lasted, if that is known
 * @returns {Layout}
 */
export function layout(spans, logs, offsets = {}, now = -Infinity) {
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
  /** @type {Map<string, TraceLog[]>} */
  const logsOfSpan = new Map();
  for (const log of shownLogs) {
    if (!log.spanId) continue;
    const of = logsOfSpan.get(log.spanId);
    if (of) of.push(log);
    else logsOfSpan.set(log.spanId, [log]);
  }
  return {
    listed,
    logs: shownLogs,
    logsOfSpan,
    first,
    last,
    silences: silences(moments(listed, shownLogs)),
    path: criticalPath(listed),
    skew: estimates(unmoved),
  };
}

/**
 * The axis of time that all views of a trace share.
 * @param {Layout} laid
 * @param {Readonly<import("./focus.js").State>} state
 * @returns {Axis}
 */
export function axisOf(laid, state) {
  const { from, to } = state.zoom ?? { from: laid.first, to: laid.last };
  return new Axis(from, to, state.unfolded ? [] : laid.silences);
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
