import { svg } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { hue } from "../../../base/palette.js";
import { serviceTitle } from "../../shared/service_title.js";

/**
 * @typedef {import("../../../model/trace/messages/diagram.js").Arrow} Arrow
 * @typedef {import("../../../model/trace/messages/diagram.js").Gate} Gate
 * @typedef {import("../../../model/trace/messages/diagram.js").GaveUp} GaveUp
 * @typedef {import("../../../model/trace/messages/diagram.js").Label} Label
 * @typedef {import("../../../model/trace/messages/message.js").End} End
 */

const NAME_HEIGHT = 24;
const WAVE = 6;

/**
 * The patterns that a drawing fills with: the fault's gate, and what goes on alone.
 * @returns {SVGElement}
 */
export function patterns() {
  const square = (
    /** @type {string} */ id,
    /** @type {string} */ turned,
    /** @type {string} */ d,
  ) =>
    svg(
      "pattern",
      { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: turned },
      svg("rect", { width: 7, height: 7 }),
      svg("path", { d }),
    );
  return svg(
    "defs",
    {},
    square("gate-bad", "rotate(45)", "M0 0v7"),
    square("gate-warn", "rotate(45)", "M0 0v7"),
  );
}

/**
 * @param {{service: string, x: number}} lane
 * @param {number} bottom
 * @param {boolean} silent whether nothing of the service is on record: it is drawn hollow
 * @returns {SVGElement}
 */
export function lane({ service, x }, bottom, silent) {
  const name = serviceTitle(service);
  const text = interpolate(gettext("%(service)s has no record here"), { service: name });
  const title = silent ? text : name;
  return svg(
    "g",
    { class: `lane ${hue(service)} ${silent ? "silent" : ""}` },
    svg("path", { d: `M${x} ${6 + NAME_HEIGHT}V${bottom}` }),
    svg("rect", { x: x - 42, y: 6, width: 84, height: NAME_HEIGHT, rx: 6 }),
    svg(
      "text",
      { x, y: 22, class: "lane-name" },
      name.length > 12 ? `${name.slice(0, 11)}…` : name,
    ),
    svg("title", {}, title),
  );
}

/**
 * The time in which a span ran, on its service's lane.
 * @param {string} service
 * @param {number} x
 * @param {number} from downwards
 * @param {number} to
 * @param {string} [kind] `alone` of the time after its caller had ended
 * @returns {SVGElement}
 */
export function activity(service, x, from, to, kind = "") {
  return svg("rect", {
    class: `activity ${hue(service)} ${kind}`,
    x: x - 4,
    y: from,
    width: 8,
    height: Math.max(3, to - from),
    rx: 3,
  });
}

/**
 * A silence, as a band between two waves.
 * @param {{top: number, bottom: number}} fold
 * @param {number} width
 * @returns {SVGElement}
 */
export function silence({ top, bottom }, width) {
  const wave = "l6 3l6 -3".repeat(Math.ceil(width / (2 * WAVE)));
  return svg(
    "g",
    { class: "silence" },
    svg("rect", { x: 0, y: top, width, height: bottom - top }),
    svg("path", { d: `M0 ${top}${wave}M0 ${bottom}${wave}` }),
  );
}

/**
 * @param {Gate} gate
 * @returns {SVGElement}
 */
export function gate({ left, top, right, bottom, fault, direction }) {
  return svg("rect", {
    class: `gate ${fault.tone} ${direction ? "of-link" : "of-service"}`,
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    rx: 5,
  });
}

/**
 * @param {GaveUp} gaveUp
 * @returns {SVGElement}
 */
export function gaveUp({ x, y, reach }) {
  return svg(
    "g",
    { class: "gave-up" },
    svg("path", { class: "wait", d: `M${x} ${y}H${reach}` }),
    svg("path", { class: "stop", d: `M${x - 11} ${y}h22` }),
  );
}

/**
 * @param {Label} label
 * @param {End} end of the message that it is of
 * @returns {SVGElement}
 */
export function label({ text, kind, left, bottom }, end) {
  const tone = kind === "of-message" ? end : "";
  return svg("text", { class: `label ${kind} ${tone}`, x: left, y: bottom - 3 }, text);
}

/**
 * A message's arrow, with a sign of how it ended.
 * @param {Arrow} arrow
 * @returns {SVGElement}
 */
export function arrow({ sent, end, x1, y1, x2, y2 }) {
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  return svg(
    "g",
    { class: `message ${sent.message.kind} ${end}` },
    svg("path", { class: "reach", d: `M${x1} ${y1}L${x2} ${y2}` }),
    svg("path", { class: "line", d: `M${x1} ${y1}L${x2} ${y2}` }),
    svg("g", { transform: `translate(${x2} ${y2})` }, ...sign(end, angle)),
    svg("title", {}, sent.texts[0] ?? ""),
  );
}

/**
 * The sign at the end of a message, drawn around its tip.
 * @param {End} end
 * @param {number} angle in degrees, in which the message went
 * @returns {SVGElement[]}
 */
function sign(end, angle) {
  const along = (/** @type {string} */ d) =>
    svg("path", { class: "sign", d, transform: `rotate(${angle})` });
  const side = Math.cos((angle * Math.PI) / 180) < 0 ? -1 : 1;
  const at = (/** @type {number} */ x, /** @type {SVGElement} */ drawn) =>
    svg("g", { transform: `translate(${side * x} 0)` }, drawn);
  switch (end) {
    case "arrived":
      return [along("M-8 -4.5L0 0L-8 4.5")];
    case "refused":
      return [svg("path", { class: "sign bar", d: "M0 -8V8" })];
    case "reset":
      return [
        svg("path", { class: "sign", d: `M0 0l${side * 3} -7l${side * 5} 13l${side * 3} -6` }),
        at(20, svg("path", { class: "sign", d: "M-4 -4l8 8m0 -8l-8 8" })),
      ];
    case "given-up":
      return [
        at(
          6,
          svg("path", {
            class: "sign",
            d: "M-6 -7h12M-6 7h12M-5 -7c0 6 10 8 10 14M5 -7c0 6 -10 8 -10 14",
          }),
        ),
      ];
    case "lost":
      return [at(10, svg("circle", { class: "sign", r: 6 }))];
    case "under-way":
      return [svg("circle", { class: "sign tip", r: 2.5 })];
    default:
      return [
        at(10, svg("circle", { class: "sign", r: 7 })),
        at(10, svg("text", { y: 4 }, "?")),
      ];
  }
}

/**
 * An end as the legend has it.
 * @param {End} end
 * @returns {SVGElement}
 */
export function sample(end) {
  const x2 = {
    arrived: 37,
    refused: 26,
    reset: 14,
    lost: 24,
    "given-up": 26,
    unknown: 24,
    "under-way": 26,
  }[end];
  return svg(
    "svg",
    { viewBox: "0 0 44 16", class: `sample message ${end}`, "aria-hidden": "true" },
    svg("path", { class: "line", d: `M1 8H${x2}` }),
    svg("g", { transform: `translate(${x2} 8)` }, ...sign(end, 0)),
  );
}

/**
 * The lane of a side without telemetry, as the legend has it.
 * @returns {SVGElement}
 */
export function silentSample() {
  return svg(
    "svg",
    { viewBox: "0 0 44 16", class: "sample", "aria-hidden": "true" },
    svg("path", { class: "lane-of-none", d: "M1 8H37" }),
  );
}

/**
 * Places the line of the cursor, with its time at the right.
 * @param {SVGElement} cursor of a path, a rect and a text
 * @param {number} y
 * @param {number} width
 * @param {string} time
 * @returns {void}
 */
export function placeCursor(cursor, y, width, time) {
  const [line, pill, text] = cursor.children;
  const placed = [
    [line, { d: `M0 ${y}H${width}` }],
    [pill, { x: width - 62, y: y - 9, width: 60, height: 18, rx: 9 }],
    [text, { x: width - 32, y: y + 4 }],
  ];
  for (
    const [element, attributes] of /** @type {Array<[Element, Record<string, unknown>]>} */ (placed)
  ) {
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, String(value));
    }
  }
  if (text) text.textContent = time;
}
