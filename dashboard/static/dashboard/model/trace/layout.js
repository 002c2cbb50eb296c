import { Axis } from "./axis.js";
import { CriticalPath, pathData } from "./critical_path.js";
import { extent } from "./columns/extent.js";
import { SpanColumns } from "./columns/span_columns.js";
import { Tree } from "./columns/tree.js";
import { silences } from "./folding.js";
import { estimates } from "./oddities/skew.js";
import { rows } from "./rows.js";
import { sideData } from "./sides/side_data.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./span.js").TraceLog} TraceLog
 *
 * @typedef {object} Layout Where everything of a trace is drawn, in every view.
 * @property {Tree} tree
 * @property {Row[]} listed
 * @property {string[]} services of the spans
 * @property {TraceLog[]} logs with the clocks of their services moved as chosen
 * @property {Map<string, TraceLog[]>} logsOfSpan by the keys of the spans
 * @property {(spanId: string, service: string) => string} keyOf the key of the span that a record of
 *   a service names
 * @property {number} first
 * @property {number} last
 * @property {import("./folding.js").Silence[]} silences
 * @property {CriticalPath} path
 * @property {import("./oddities/skew.js").Estimate[]} skew with the clocks as they are
 */

/**
 * Lays a trace out.
 * @param {SpanColumns | Iterable<Span>} spans
 * @param {TraceLog[]} logs
 * @param {import("./span.js").Offsets} [offsets]
 * @param {number} [now] until when open spans have lasted, if that is known
 * @returns {Layout}
 */
export function computeLayout(spans, logs, offsets = {}, now = -Infinity) {
  const columns = SpanColumns.of(spans);
  const moved = Object.values(offsets).some((each) => each !== 0);
  const shownLogs = moved
    ? logs
      .map((log) => ({ ...log, at: log.at + (offsets[log.service] ?? 0) }))
      .sort((a, b) => a.at - b.at)
    : logs;
  const known = extent(columns, logs, offsets);
  const last = Math.max(known.last, now);
  const tree = Tree.of(columns, last, offsets);
  const unmoved = moved ? rows(columns, extent(columns, logs).last) : tree.listed;
  return layoutOf(tree, shownLogs, { first: known.first, last }, estimates(unmoved));
}

/**
 * Lays out what one service has on record of a trace, out of what the whole was laid out to.
 * @param {Layout} whole
 * @param {string} service
 * @returns {Layout | null} null where it has to be laid out from its spans
 */
export function sideLayout(whole, service) {
  const data = sideData(whole.tree, service);
  if (!data) return null;
  const logs = whole.logs.filter((log) => log.service === service);
  // Nobody's clock is seen to be wrong by one service's records alone.
  return layoutOf(new Tree(whole.tree.columns, data), logs, null, []);
}

/**
 * @param {Tree} tree
 * @param {TraceLog[]} logs
 * @param {{first: number, last: number} | null} known null where nothing goes on beyond what is on record
 * @param {Layout["skew"]} skew
 * @returns {Layout}
 */
function layoutOf(tree, logs, known, skew) {
  const ordered = moments(tree, logs).sort();
  const { first, last } = known ?? { first: ordered[0] ?? 0, last: ordered.at(-1) ?? 0 };
  const keyOf = (/** @type {string} */ spanId, /** @type {string} */ service) =>
    tree.columns.keyOf(spanId, service);
  /** @type {Map<string, TraceLog[]>} */
  const logsOfSpan = new Map();
  for (const log of logs) {
    if (!log.spanId) continue;
    const key = keyOf(log.spanId, log.service);
    const of = logsOfSpan.get(key);
    if (of) of.push(log);
    else logsOfSpan.set(key, [log]);
  }
  return {
    tree,
    listed: tree.listed,
    services: tree.services,
    logs,
    logsOfSpan,
    keyOf,
    first,
    last,
    silences: silences(ordered),
    path: new CriticalPath(pathData(tree.data)),
    skew,
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
 * @param {Tree} tree
 * @param {TraceLog[]} logs
 * @returns {Float64Array}
 */
function moments({ columns, data }, logs) {
  const count = data.of.length;
  const found = new Float64Array(2 * count + logs.length);
  found.set(data.start);
  found.set(data.end, count);
  // Whatever is still running makes no silence between its start and now.
  if (columns.data.end.includes(NaN)) {
    for (let row = 0; row < count; row++) {
      if (Number.isNaN(columns.data.end[data.of[row] ?? 0])) {
        found[count + row] = data.start[row] ?? 0;
      }
    }
  }
  logs.forEach((log, n) => found[2 * count + n] = log.at);
  return found;
}
