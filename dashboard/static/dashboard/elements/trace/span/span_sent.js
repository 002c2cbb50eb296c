import { build } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { clock, exactTime } from "../../../base/time.js";
import { fetchJson } from "../../../wire/api.js";
import { logParts } from "../../shared/log_parts.js";
import {
  attributeList,
  attributesPart,
  exceptionPart,
  inSteps,
  part,
  scopeOf,
  valueNodes,
  withoutStack,
} from "../../shared/record_parts.js";
import { linkParts } from "./span_links.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../shared/record_parts.js").CutAt} CutAt
 */

const MOST_EXCEPTIONS = 5;
const STACK = "exception.stacktrace";

/**
 * Draws all that was sent of a span, with its log lines and what links tie to it.
 * @param {Layout} layout
 * @param {Row} row
 * @param {any} whole the span, its long values cut
 * @param {string} path from where all of it comes
 * @returns {HTMLElement}
 */
export function sentParts(layout, row, whole, path) {
  const cutAt = cutIn(whole, path);
  const { name, status, attributes, scope, resource, traceState } = whole;
  const besides = {
    ...(name.length > row.span.name.length && { name }),
    ...(traceState && { tracestate: traceState }),
    ...(whole.flags && { flags: whole.flags }),
    ...droppedOf(whole.dropped),
  };
  return build(
    "div",
    { class: "sent" },
    build(
      "div",
      {},
      ...part(
        gettext("Status message"),
        status.message ? valueNodes(status.message, cutAt("/status/message")) : [],
      ),
      ...exceptionPart(attributes, { pointer: "/attributes", cutAt }),
      ...exceptionsOf(whole, row, layout, cutAt),
      ...attributesPart(gettext("Attributes"), withoutStack(attributes), {
        pointer: "/attributes",
        cutAt,
      }),
      ...attributesPart(gettext("Other fields"), besides, { pointer: "", cutAt }),
    ),
    build(
      "div",
      {},
      ...eventsPart(whole, row, layout, cutAt),
      ...logsPart(layout, row),
      ...linkParts(whole, cutAt),
      ...attributesPart(
        gettext("Resource"),
        { ...resource, ...(whole.resourceSchemaUrl && { schema_url: whole.resourceSchemaUrl }) },
        { pointer: "/resource", cutAt },
      ),
      ...attributesPart(gettext("Scope"), scopeOf(scope), { pointer: "/scope/attributes", cutAt }),
    ),
  );
}

/**
 * @param {any} whole
 * @param {string} path
 * @returns {CutAt}
 */
function cutIn({ cut }, path) {
  return (pointer) => {
    const length = cut[pointer];
    if (length === undefined) return undefined;
    const whole = async () => valueAt(await fetchJson(path), pointer);
    return { length, whole };
  };
}

/**
 * @param {any} whole
 * @param {string} pointer a JSON pointer
 * @returns {string}
 */
function valueAt(whole, pointer) {
  const steps = pointer.slice(1).split("/").map((step) =>
    step.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  const found = steps.reduce((value, step) => value?.[step], whole);
  return typeof found === "string" ? found : JSON.stringify(found);
}

/**
 * @param {Record<string, number>} dropped
 * @returns {Record<string, number>} what the sender counted as dropped
 */
function droppedOf(dropped) {
  return Object.fromEntries(
    Object.entries(dropped).filter(([, count]) => count).map(([kind, count]) => [
      `dropped_${kind}_count`,
      count,
    ]),
  );
}

/**
 * @param {any} whole
 * @param {Row} row
 * @param {Layout} layout
 * @param {CutAt} cutAt
 * @returns {HTMLElement[]}
 */
function exceptionsOf({ events }, row, layout, cutAt) {
  /** @type {HTMLElement[]} */
  const found = [];
  events.forEach((/** @type {any} */ event, /** @type {number} */ place) => {
    if (found.length >= MOST_EXCEPTIONS) return;
    const time = interpolate(gettext("at %(time)s"), { time: timeOf(place, row, layout) });
    const beside = [build("span", { class: "quiet" }, time)];
    const pointer = `/events/${place}/attributes`;
    for (const each of exceptionPart(event.attributes, { pointer, cutAt, beside })) {
      found.push(each);
    }
  });
  return found;
}

/**
 * When an event of a span happened, from the trace's beginning.
 * @param {number} place
 * @param {Row} row
 * @param {Layout} layout
 * @returns {string}
 */
function timeOf(place, { span, start }, layout) {
  const at = (span.events[place]?.at ?? span.start) + start - span.start;
  return exactTime((at - layout.first) / 1e6);
}

/**
 * @param {any} whole
 * @param {Row} row
 * @param {Layout} layout
 * @param {CutAt} cutAt
 * @returns {HTMLElement[]}
 */
function eventsPart({ events }, row, layout, cutAt) {
  const list = build("ol", { class: "plain records" });
  const more = inSteps(list, [...events.keys()], (place) => {
    const { name, droppedAttributesCount } = events[place];
    // A stack trace is drawn as one.
    const { [STACK]: stack, ...attributes } = events[place].attributes;
    const pointer = `/events/${place}`;
    return [
      build(
        "li",
        {},
        build("time", {}, timeOf(place, row, layout)),
        " ",
        ...valueNodes(name || gettext("(no name)"), cutAt(`${pointer}/name`)),
        ...attributeList(
          {
            ...attributes,
            ...(stack && place >= MOST_EXCEPTIONS && { [STACK]: stack }),
            ...droppedOf({ attributes: droppedAttributesCount }),
          },
          { pointer: `${pointer}/attributes`, cutAt },
        ),
      ),
    ];
  });
  return events.length ? part(gettext("Events"), [list, ...more], { count: events.length }) : [];
}

/**
 * @param {Layout} layout
 * @param {Row} row
 * @returns {HTMLElement[]}
 */
function logsPart(layout, { span }) {
  const lines = layout.logsOfSpan.get(span.key) ?? [];
  const list = build("ol", { class: "plain records" });
  const more = inSteps(list, lines, (log) => {
    const fields = build(
      "details",
      {},
      build(
        "summary",
        { class: log.level },
        build("time", {}, clock(log.timeUnixNano)),
        ` ${log.msg.slice(0, 300)}`,
      ),
    );
    fields.addEventListener("toggle", () => fields.append(...logParts(log)), { once: true });
    return [build("li", {}, fields)];
  });
  return lines.length ? part(gettext("Logs"), [list, ...more], { count: lines.length }) : [];
}
