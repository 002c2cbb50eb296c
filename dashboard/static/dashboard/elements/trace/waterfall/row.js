import { build } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { outlived } from "../../../model/trace/calls.js";
import { shownName } from "../../../model/trace/span.js";
import { hue } from "../../../base/palette.js";
import { inSentence } from "../../../model/titles.js";
import { errorText } from "../../shared/error_text.js";
import { serviceTitle } from "../../shared/service_title.js";
import { buildBar } from "./bar.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 */

/**
 * Draws the row above all others.
 * @param {HTMLElement} time the head of the axis
 * @returns {HTMLElement}
 */
export function buildHead(time) {
  const named = (/** @type {string} */ title) => build("span", { class: "visually-hidden" }, title);
  return build(
    "div",
    { role: "row", class: "row-of head" },
    build("span", { role: "columnheader", class: "label" }, named(gettext("Span"))),
    build("span", { role: "columnheader", class: "cell" }, named(gettext("Time")), time),
    build("span", { role: "columnheader", class: "took" }, named(gettext("Duration"))),
  );
}

/**
 * Draws one span: its label, its bar, and what happened on it.
 * @param {Layout} layout
 * @param {number} at
 * @param {Axis} axis
 * @param {{folded: boolean, selected: boolean, found: boolean, callee: string, lane: import("./bar.js").Lane}} state
 * @returns {HTMLElement}
 */
export function buildRow(layout, at, axis, { folded, selected, found, callee, lane }) {
  const row = /** @type {Row} */ (layout.listed[at]);
  const { span } = row;
  const below = row.next - at - 1;
  const took = lasted(row);
  const whole = shownName(span) || gettext("(no name)");
  // Whom it calls says as much as the path, in less room.
  const name = callee ? `${span.name || whole} → ${inSentence(serviceTitle(callee))}` : whole;
  const error = span.failed ? errorText(span.errorKind) : "";
  const label = labelOf(
    row.depth,
    build("span", {
      class: `fold ${below ? (folded ? "closed" : "opened") : ""}`,
      "aria-hidden": "true",
      ...(below ? { "data-fold": "" } : {}),
    }),
    build("span", { class: `service ${hue(span.service)}` }, span.service),
    build("span", { class: "name", title: callee ? whole : name }, name),
    ...(folded ? [build("span", { class: "quiet" }, `+${below}`)] : []),
    ...(error ? [build("span", { class: "error" }, error)] : []),
  );
  const after = outlived(layout.listed, at);
  const spoken = [span.service, name, took, error];
  if (after) {
    const time = duration(after.by / 1e6);
    spoken.push(interpolate(gettext("outlives its caller by %(time)s"), { time }));
  }
  if (folded) spoken.push(ngettext("%s span below", "%s spans below", below));
  return build(
    "div",
    {
      role: "row",
      class: `row-of span ${span.failed ? "failed" : ""} ${selected ? "open" : ""} ${
        found ? "found" : ""
      }`,
      "data-span": span.key,
      "aria-level": String(row.depth + 1),
      "aria-selected": String(selected),
      ...(below ? { "aria-expanded": String(!folded) } : {}),
      "aria-label": spoken.filter(Boolean).join(", "),
    },
    label,
    build("span", { role: "gridcell", class: "cell" }, buildBar(layout, at, axis, lane)),
    build("span", { role: "gridcell", class: "took" }, took),
  );
}

/**
 * Draws the row of what never happened: a call of which its callee has no record.
 * @param {Row} call
 * @param {string} service whom it called
 * @returns {HTMLElement}
 */
export function buildUnheard(call, service) {
  const text = interpolate(gettext("%(service)s has no record of this call"), { service });
  const line = build("span", { class: "silent-line" }, build("span", {}, text));
  return build(
    "div",
    {
      role: "row",
      class: "row-of unheard",
      "aria-level": String(call.depth + 2),
      "aria-label": text,
    },
    labelOf(
      call.depth + 1,
      build("span", { class: "fold", "aria-hidden": "true" }),
      build("span", { class: "service" }, service),
      build("span", { class: "name" }, gettext("nothing")),
    ),
    build("span", { role: "gridcell", class: "cell" }, build("span", { class: "lane" }, line)),
    build("span", { role: "gridcell", class: "took" }, "–"),
  );
}

/**
 * @param {number} depth
 * @param {...Node} children
 * @returns {HTMLElement}
 */
function labelOf(depth, ...children) {
  const label = build("span", { role: "rowheader", class: "label" }, ...children);
  label.style.setProperty("--depth", String(Math.min(depth, 12)));
  return label;
}

/**
 * How long a span lasted, in words where no number says it.
 * @param {Pick<Row, "span" | "start" | "end" | "backwards">} row
 * @returns {string}
 */
export function lasted({ span, start, end, backwards }) {
  if (span.state === "abandoned") return gettext("never ended");
  if (span.startUnknown) return gettext("no start");
  if (backwards) return gettext("end < start");
  const length = duration((end - start) / 1e6);
  return span.state === "open" ? `${length} …` : length;
}
