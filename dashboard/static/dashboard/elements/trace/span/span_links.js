import { build } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { hue } from "../../../base/palette.js";
import { attributeList, inSteps, part } from "../../shared/record_parts.js";

/**
 * @typedef {object} End The span at the other end of a link.
 * @property {string} traceId
 * @property {string} spanId
 * @property {string} service
 * @property {string} kind
 * @property {string} name
 * @property {string} startTimeUnixNano
 */

/**
 * Draws the links of a span, each of which leads to the very span, and those that lead to it.
 * @param {any} whole
 * @param {import("../../shared/record_parts.js").CutAt} cutAt
 * @returns {HTMLElement[]}
 */
export function linkParts(whole, cutAt) {
  const { links, linkedFrom, linkedFromMore } = whole;
  const own = build("ol", { class: "plain records links" });
  const moreOwn = inSteps(own, [...links.keys()], (place) => {
    const { traceId, spanId, end, attributes, traceState } = links[place];
    const besides = { ...attributes, ...(traceState && { tracestate: traceState }) };
    return [
      build(
        "li",
        {},
        ...(end ? endNodes(end, whole) : [unknownEnd(traceId, spanId, whole)]),
        ...attributeList(besides, { pointer: `/links/${place}/attributes`, cutAt }),
      ),
    ];
  });
  const others = build("ol", { class: "plain records links" });
  const moreOthers = inSteps(
    others,
    /** @type {End[]} */ (linkedFrom),
    (end) => [build("li", {}, ...endNodes(end, whole))],
  );
  const left = linkedFromMore
    ? [build("p", { class: "quiet" }, ngettext("and %s more", "and %s more", linkedFromMore))]
    : [];
  return [
    ...(links.length ? part(gettext("Links"), [own, ...moreOwn], { count: links.length }) : []),
    ...(linkedFrom.length
      ? part(gettext("Linked from"), [others, ...moreOthers, ...left], {
        count: linkedFrom.length + linkedFromMore,
      })
      : []),
  ];
}

/**
 * @param {End} end
 * @param {{traceId: string, startTimeUnixNano: string}} here
 * @returns {Array<Node | string>}
 */
function endNodes(end, here) {
  const name = build("bdi", {}, end.name.slice(0, 200) || gettext("(no name)"));
  const apart = (Number(BigInt(end.startTimeUnixNano) - BigInt(here.startTimeUnixNano))) / 1e6;
  const text = apart < 0 ? gettext("%(time)s before") : gettext("%(time)s later");
  const time = interpolate(text, { time: duration(Math.abs(apart)) });
  const same = end.traceId === here.traceId ? [] : [
    build("span", { class: "quiet" }, gettext("another trace")),
  ];
  return [
    build("span", { class: `service ${hue(end.service)}` }, end.service),
    " ",
    leadTo(end, here.traceId, name),
    " ",
    build("span", { class: "quiet" }, time),
    " ",
    ...same,
  ];
}

/**
 * @param {string} traceId
 * @param {string} spanId
 * @param {{traceId: string}} here
 * @returns {HTMLElement}
 */
function unknownEnd(traceId, spanId, here) {
  const text = `${traceId} / ${spanId} `;
  const note = build("span", { class: "quiet" }, gettext("not among the records"));
  if (traceId === here.traceId) return build("span", {}, text, note);
  return build("span", {}, build("a", { href: `/traces/${traceId}` }, text), note);
}

/**
 * What leads to a span: within this trace by selecting it, else by its trace's page.
 * @param {End} end
 * @param {string} here the trace that is shown
 * @param {HTMLElement} content
 * @returns {HTMLElement}
 */
function leadTo({ traceId, spanId, service, kind }, here, content) {
  const query = new URLSearchParams({ span: `${spanId} ${service} ${kind}` });
  const link = build("a", { href: `/traces/${traceId}?${query}` }, content);
  if (traceId !== here) return link;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const detail = { type: "span", id: spanId, service };
    link.dispatchEvent(new CustomEvent("prove", { detail, bubbles: true }));
  });
  return link;
}
