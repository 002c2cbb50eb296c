import { build, button } from "../../../base/dom.js";
import { messageOf } from "../../../base/errors.js";
import { formatted, gettext, interpolate } from "../../../base/i18n.js";
import { duration, exactTime } from "../../../base/time.js";
import { selfTime } from "../../../model/trace/critical_path.js";
import { fetchJson } from "../../../wire/api.js";
import { lasted } from "../waterfall/row.js";
import { sentParts } from "./span_sent.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 */

/** Of a longer value the beginning comes at first, in characters. */
const LONGEST = 10_000;
const SOON_MS = 150;

/**
 * Builds what is to be known of one span, when all that was sent of it has come; where that takes a
 * while, what is known without it before.
 * @param {string} traceId
 * @param {Layout} layout
 * @param {number} at
 * @param {(window: {from: number, to: number}) => void} zoom
 * @param {(content: HTMLElement) => void} ready
 * @returns {Promise<void>}
 */
export async function showDetails(traceId, layout, at, zoom, ready) {
  const row = /** @type {Row} */ (layout.listed[at]);
  const { spanId, service, kind } = row.span;
  const path = `/api/traces/${traceId}/spans/${spanId}?${new URLSearchParams({ service, kind })}`;
  const known = facts(layout, at, path, zoom);
  if (row.span.cut) {
    const text = gettext("It has not ended at this moment: what was sent of it came later.");
    return ready(build("div", { role: "gridcell" }, known, build("p", { class: "quiet" }, text)));
  }
  // Where all of it comes soon, the rows below are pushed down once.
  const begun = setTimeout(() => ready(build("div", { role: "gridcell" }, known)), SOON_MS);
  try {
    const whole = await fetchJson(`${path}&longest=${LONGEST}`);
    const among = ranked(whole.rank);
    if (among) known.querySelector("dl")?.append(among);
    ready(build("div", { role: "gridcell" }, known, sentParts(layout, row, whole, path)));
  } catch (error) {
    const problem = build("p", { class: "problem" }, messageOf(error));
    ready(build("div", { role: "gridcell" }, known, problem));
  } finally {
    clearTimeout(begun);
  }
}

/**
 * How long it took beside others of its service, name and kind.
 * @param {{count: number, slowerThan: number} | null} rank
 * @returns {HTMLElement | null} null where it is the only one
 */
function ranked(rank) {
  if (!rank || rank.count < 2) return null;
  const text = gettext("slower than %(share)s of the %(count)s newest");
  const share = `${Math.floor((rank.slowerThan / rank.count) * 100)} %`;
  return build(
    "div",
    {},
    build("dt", {}, gettext("among its kind")),
    build("dd", {}, interpolate(text, { share, count: formatted(rank.count) })),
  );
}

/**
 * What follows from the span's place in the trace.
 * @param {Layout} layout
 * @param {number} at
 * @param {string} path of the whole span
 * @param {(window: {from: number, to: number}) => void} zoom
 * @returns {HTMLElement}
 */
function facts(layout, at, path, zoom) {
  const row = /** @type {Row} */ (layout.listed[at]);
  const { span } = row;
  const critical = (layout.path.get(at) ?? []).reduce((sum, part) => sum + part.to - part.from, 0);
  const starts = span.startUnknown
    ? gettext("unknown")
    : exactTime((row.start - layout.first) / 1e6);
  const fields = [
    [gettext("starts"), starts],
    [gettext("duration"), lasted(row)],
    [gettext("self time"), duration(selfTime(layout.listed, at) / 1e6)],
    [gettext("on the critical path"), critical ? duration(critical / 1e6) : "–"],
    [gettext("kind"), span.kind],
    [gettext("span id"), span.spanId],
  ];
  return build(
    "div",
    { class: "facts" },
    build(
      "dl",
      {},
      ...fields.map(([key = "", value = ""]) =>
        build("div", {}, build("dt", {}, key), build("dd", {}, value))
      ),
    ),
    button(gettext("Zoom to this span"), () => zoom({ from: row.start, to: row.end })),
    ...(span.cut ? [] : [build("a", { href: path, target: "_blank" }, gettext("As JSON"))]),
  );
}
