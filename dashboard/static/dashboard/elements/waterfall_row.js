import { build, button, svg } from "../base/dom.js";
import { gettext, interpolate, ngettext } from "../base/i18n.js";
import { clock, duration } from "../base/time.js";
import { selfTime } from "../model/critical_path.js";
import { hue } from "../model/palette.js";
import { ask } from "../wire/api.js";

/**
 * @typedef {import("../model/trace.js").Row} Row
 * @typedef {import("../model/axis.js").Axis} Axis
 * @typedef {import("../model/layout.js").Layout} Layout
 */

const THINNEST = 0.4;
const MOST_NOTES = 6;

/**
 * Draws one span: its label, its bar, and what happened on it.
 * @param {Layout} laid
 * @param {number} at
 * @param {Axis} axis
 * @param {{folded: boolean, selected: boolean}} state
 * @returns {HTMLElement}
 */
export function rowOf(laid, at, axis, { folded, selected }) {
  const row = /** @type {Row} */ (laid.listed[at]);
  const { span } = row;
  const below = row.next - at - 1;
  const lasted = duration((row.end - row.start) / 1e6);
  const took = {
    ended: lasted,
    open: `${lasted} …`,
    abandoned: gettext("never ended"),
  }[span.state];
  const label = build(
    "span",
    { role: "rowheader", class: "label" },
    build("span", {
      class: `fold ${below ? (folded ? "closed" : "opened") : ""}`,
      "aria-hidden": "true",
      ...(below ? { "data-fold": "" } : {}),
    }),
    build("span", { class: `service ${hue(span.service)}` }, span.service),
    build("span", { class: "name" }, span.name),
    ...(folded ? [build("span", { class: "quiet" }, `+${below}`)] : []),
    ...(span.failed
      ? [build("span", { class: "badge bad" }, span.errorKind ?? gettext("error"))]
      : []),
  );
  label.style.setProperty("--depth", String(Math.min(row.depth, 12)));
  const spoken = [span.service, span.name, took, span.failed ? span.errorKind ?? "error" : ""];
  if (folded) spoken.push(ngettext("%s span below", "%s spans below", below));
  return build(
    "div",
    {
      role: "row",
      class: `row-of span ${span.failed ? "failed" : ""} ${selected ? "open" : ""}`,
      "data-span": span.spanId,
      "aria-level": String(row.depth + 1),
      "aria-selected": String(selected),
      ...(below ? { "aria-expanded": String(!folded) } : {}),
      "aria-label": spoken.filter(Boolean).join(", "),
    },
    label,
    build(
      "span",
      { role: "gridcell", class: "time" },
      bar(laid, at, axis),
      build("span", { class: "took" }, took),
    ),
  );
}

/**
 * Where the middle of a break stands.
 * @param {Axis} axis
 * @param {import("../model/folding.js").Silence} silence
 * @returns {number}
 */
export function placed(axis, silence) {
  return (axis.place(silence.from) + axis.place(silence.to)) / 2;
}

/**
 * @param {Layout} laid
 * @param {number} at
 * @param {Axis} axis
 * @returns {SVGElement}
 */
function bar(laid, at, axis) {
  const row = /** @type {Row} */ (laid.listed[at]);
  const { span } = row;
  if (row.end < axis.first || row.start > axis.last) {
    const before = row.end < axis.first;
    const away = svg(
      "text",
      { x: before ? "0%" : "100%", y: 15, class: before ? "away first" : "away last" },
      before ? "‹" : "›",
    );
    return svg("svg", { "aria-hidden": "true", class: "bar" }, away);
  }
  const within = (/** @type {number} */ at) => at >= axis.first && at <= axis.last;
  const shift = row.start - span.start;
  const left = axis.place(row.start) * 100;
  const right = axis.place(row.end) * 100;
  const parts = [
    svg("rect", {
      x: `${Math.min(left, 100 - THINNEST)}%`,
      y: 5,
      width: `${Math.max(THINNEST, right - left)}%`,
      height: 12,
      rx: 3,
      class: `ink ${hue(span.service)} ${span.state}`,
    }),
    ...(laid.path.get(at) ?? []).map(({ from, to }) => {
      const x = axis.place(from) * 100;
      const width = Math.max(THINNEST / 2, axis.place(to) * 100 - x);
      return svg("rect", { class: "critical", x: `${x}%`, y: 18, width: `${width}%`, height: 2 });
    }),
    ...axis.folded.filter((each) => row.start < each.from && row.end > each.to).map((each) =>
      svg("text", { x: `${placed(axis, each) * 100}%`, y: 16, class: "break" }, "//")
    ),
    ...span.events.filter((event) => within(event.at + shift)).map((event) => {
      const x = `${axis.place(event.at + shift) * 100}%`;
      return svg(
        "svg",
        { x, y: 11, class: "mark" },
        svg("path", { class: "event", d: "M0 -4L4 0L0 4L-4 0Z" }, svg("title", {}, event.name)),
      );
    }),
    ...(laid.logsOfSpan.get(span.spanId) ?? []).filter((log) => within(log.at)).map((log) =>
      svg(
        "circle",
        { cx: `${axis.place(log.at) * 100}%`, cy: 11, r: 3, class: `log ${log.level}` },
        svg("title", {}, log.msg),
      )
    ),
  ];
  if (span.failed && within(row.end)) {
    parts.push(svg("text", { x: `${Math.min(98, right)}%`, y: 15, class: "failure" }, "✕"));
  }
  return svg("svg", { "aria-hidden": "true", class: "bar" }, ...parts);
}

/**
 * Builds what is to be known of one span, at once and again when its attributes have come.
 * @param {string} traceId
 * @param {Layout} laid
 * @param {number} at
 * @param {(window: {from: number, to: number}) => void} zoom
 * @param {(content: HTMLElement) => void} ready
 * @returns {Promise<void>}
 */
export async function details(traceId, laid, at, zoom, ready) {
  const row = /** @type {Row} */ (laid.listed[at]);
  ready(detailsOf(laid, at, zoom, null));
  try {
    const whole = await ask(`/api/traces/${traceId}/spans/${row.span.spanId}`);
    ready(detailsOf(laid, at, zoom, whole));
  } catch (error) {
    const failed = detailsOf(laid, at, zoom, null);
    const said = error instanceof Error ? error.message : String(error);
    failed.append(build("p", { class: "problem" }, said));
    ready(failed);
  }
}

/**
 * @param {Layout} laid
 * @param {number} at
 * @param {(window: {from: number, to: number}) => void} zoom
 * @param {any} whole the span with its attributes, when they have come
 * @returns {HTMLElement}
 */
function detailsOf(laid, at, zoom, whole) {
  const row = /** @type {Row} */ (laid.listed[at]);
  const { span } = row;
  const critical = (laid.path.get(at) ?? []).reduce((sum, part) => sum + part.to - part.from, 0);
  const told = [
    ...(whole ? [[gettext("started"), clock(whole.startTimeUnixNano)]] : []),
    [gettext("duration"), duration((row.end - row.start) / 1e6)],
    [gettext("self time"), duration(selfTime(laid.listed, at) / 1e6)],
    [gettext("on the critical path"), critical ? duration(critical / 1e6) : "–"],
    [gettext("kind"), span.kind],
    [gettext("span id"), span.spanId],
    ...(whole?.status.message ? [[gettext("status"), whole.status.message]] : []),
    ...attributesOf(whole?.attributes),
  ];
  const events = span.events.map((event) =>
    build("li", {}, `+${duration((event.at - span.start) / 1e6)} ${event.name}`)
  );
  const lines = (laid.logsOfSpan.get(span.spanId) ?? []).map((log) =>
    build("li", { class: log.level }, build("time", {}, clock(log.timeUnixNano)), ` ${log.msg}`)
  );
  const links = (whole?.links ?? []).map((/** @type {{traceId: string}} */ link) =>
    build(
      "li",
      {},
      gettext("linked to"),
      " ",
      build("a", { href: `/traces/${link.traceId}` }, link.traceId),
    )
  );
  const listed = [...events, ...lines, ...links];
  return build(
    "div",
    { role: "gridcell" },
    build(
      "dl",
      {},
      ...told.flatMap(([key, value]) => [build("dt", {}, key ?? ""), build("dd", {}, value ?? "")]),
    ),
    ...(listed.length ? [build("ol", { class: "plain" }, ...listed)] : []),
    build(
      "p",
      { class: "row" },
      button(gettext("Zoom to this span"), () => zoom({ from: row.start, to: row.end })),
    ),
  );
}

/**
 * @param {Record<string, unknown> | undefined} attributes
 * @returns {string[][]}
 */
function attributesOf(attributes) {
  return Object.entries(attributes ?? {}).sort().map(([key, value]) => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
}

/**
 * What is odd about a trace, in words.
 * @param {Layout} laid
 * @returns {string[]}
 */
export function notes({ listed }) {
  /** @type {string[]} */
  const said = [];
  const roots = listed.filter((row) => row.depth === 0).length;
  if (roots > 1) {
    said.push(interpolate(gettext("%(count)s spans have no parent here: many roots."), {
      count: roots,
    }));
  }
  let left = 0;
  for (const row of listed) {
    for (const text of oddities(row)) {
      if (said.length < MOST_NOTES) said.push(text);
      else left += 1;
    }
  }
  if (left) said.push(ngettext("and %s more.", "and %s more.", left));
  return said;
}

/**
 * @param {Row} row
 * @returns {string[]}
 */
function oddities(row) {
  const { span } = row;
  if (!row.outlives && !row.orphan && !row.early && span.state !== "abandoned") return [];
  const name = `${span.service} · ${span.name}`;
  return [
    ...(row.outlives ? [gettext("%(name)s ends after the span that began it.")] : []),
    ...(row.early ? [gettext("%(name)s starts before the span that began it.")] : []),
    ...(row.orphan ? [gettext("The parent of %(name)s is not among the records.")] : []),
    ...(span.state === "abandoned" ? [gettext("%(name)s never ended: its process is gone.")] : []),
  ].map((text) => interpolate(text, { name }));
}
