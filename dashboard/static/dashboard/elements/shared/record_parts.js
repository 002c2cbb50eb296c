import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate, ngettext } from "../../base/i18n.js";
import { stackParts } from "../../model/trace/stack_trace.js";
import { save } from "../../wire/files.js";

/**
 * @typedef {object} Cut What of a value has come, where that is not all.
 * @property {number} length of the whole, in characters
 * @property {() => Promise<string>} whole fetches it
 *
 * @typedef {(pointer: string) => Cut | undefined} CutAt by the JSON pointer of a value
 */

const MOST_SHOWN = 400;
const MOST_WHOLE = 100_000;
const FIRST_LISTED = 40;
const MORE_LISTED = 200;
const MOST_FRAMES = 2;
const STACK_KEYS = ["exception.stacktrace", "error.stack", "stacktrace"];

/**
 * Draws a part of what is known of a record, under a heading; nothing where it is empty.
 * @param {string} title
 * @param {Node[]} content
 * @param {{count?: number, beside?: Node[]}} [head]
 * @returns {HTMLElement[]}
 */
export function part(title, content, { count, beside = [] } = {}) {
  if (!content.length) return [];
  const counted = count === undefined ? [] : [build("span", { class: "quiet" }, String(count))];
  return [
    build(
      "section",
      { class: "record-part", role: "group", "aria-label": title },
      build("div", { class: "title" }, title, ...counted, ...beside),
      ...content,
    ),
  ];
}

/**
 * Draws attributes by name.
 * @param {Record<string, unknown>} attributes
 * @param {{pointer?: string, cutAt?: CutAt}} [how] the JSON pointer of the attributes, and what of
 *   them has not come
 * @returns {Node[]} none without attributes
 */
export function attributeList(attributes, { pointer = "", cutAt } = {}) {
  const keys = Object.keys(attributes).sort();
  if (!keys.length) return [];
  const list = build("dl", { class: "attributes" });
  return [
    list,
    ...inSteps(list, keys, (key) => {
      const at = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      return [
        build("dt", {}, build("bdi", {}, key || gettext("(no name)"))),
        build("dd", {}, ...valueNodes(attributes[key], cutAt?.(at))),
      ];
    }),
  ];
}

/**
 * Draws attributes under a heading, with their count.
 * @param {string} title
 * @param {Record<string, unknown>} attributes
 * @param {{pointer?: string, cutAt?: CutAt}} [how]
 * @returns {HTMLElement[]}
 */
export function attributesPart(title, attributes, how) {
  return part(title, attributeList(attributes, how), { count: Object.keys(attributes).length });
}

/**
 * What a scope is, as attributes.
 * @param {{name?: string, version?: string, attributes?: Record<string, unknown>, schemaUrl?: string}} scope
 * @returns {Record<string, unknown>}
 */
export function scopeOf({ name, version, attributes, schemaUrl }) {
  return {
    ...(name && { name }),
    ...(version && { version }),
    ...attributes,
    ...(schemaUrl && { schema_url: schemaUrl }),
  };
}

/**
 * Draws the first of many things, and more of them when asked for.
 * @template T
 * @param {HTMLElement} list what they are put into
 * @param {T[]} items
 * @param {(item: T) => Node[]} draw
 * @returns {HTMLElement[]} what asks for more
 */
export function inSteps(list, items, draw) {
  let shown = 0;
  const more = button("", () => step(MORE_LISTED), { class: "link" });
  const step = (/** @type {number} */ count) => {
    for (const item of items.slice(shown, shown + count)) list.append(...draw(item));
    shown = Math.min(items.length, shown + count);
    more.hidden = shown >= items.length;
    more.textContent = ngettext("and %s more", "and %s more", items.length - shown);
  };
  step(FIRST_LISTED);
  return items.length > FIRST_LISTED ? [more] : [];
}

/**
 * Draws a value: of a long one the beginning, with its length and a way to all of it.
 * @param {unknown} value
 * @param {Cut} [cut]
 * @returns {Node[]}
 */
export function valueNodes(value, cut) {
  const text = textOf(value);
  if (!cut && text.length <= MOST_SHOWN) return [build("bdi", {}, text)];
  const beginning = build("bdi", {}, `${text.slice(0, MOST_SHOWN)}…`);
  const all = cut ?? { length: text.length, whole: () => Promise.resolve(text) };
  return [beginning, restOf(all, () => beginning.remove())];
}

/**
 * Draws a stack trace: what was thrown, the application's frames, and those of what it is built on
 * folded.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function stackTrace(text) {
  const label = gettext("Stack trace");
  const drawn = build("div", {
    class: "stack",
    role: "region",
    "aria-label": label,
    tabindex: "0",
  });
  for (const { kind, lines, frames } of stackParts(text)) {
    const block = build("pre", { class: kind }, lines.join("\n"));
    if (kind !== "library" || frames <= MOST_FRAMES) drawn.append(block);
    else {
      const more = ngettext("%s frame of libraries", "%s frames of libraries", frames);
      drawn.append(build("details", {}, build("summary", {}, more), block));
    }
  }
  return drawn;
}

/**
 * Draws the exceptions that a record tells of by its attributes.
 * @param {Record<string, unknown>} attributes of a log record, or of an event
 * @param {{pointer?: string, cutAt?: CutAt, beside?: Node[]}} [how] `beside` the heading
 * @returns {HTMLElement[]}
 */
export function exceptionPart(attributes, { pointer = "", cutAt, beside = [] } = {}) {
  const key = stackKey(attributes);
  const named = ["exception.type", "exception.message"]
    .map((name) => textOf(attributes[name] ?? "")).filter(Boolean).join(": ");
  if (!key && !named) return [];
  const stack = String(attributes[key] ?? "");
  const firstLine = textOf(attributes["exception.type"] ?? "");
  // Some write the frames alone.
  const text = stack.includes(firstLine) && stack
    ? stack
    : [named, stack].filter(Boolean).join("\n");
  const cut = cutAt?.(`${pointer}/${key}`);
  const copy = button(gettext("Copy"), async () => {
    await navigator.clipboard.writeText(cut ? await cut.whole() : text);
    copy.textContent = gettext("Copied");
  }, { class: "link" });
  const drawn = stackTrace(text);
  const rest = cut ? [restOf(cut, () => drawn.remove())] : [];
  return part(gettext("Exception"), [drawn, ...rest], { beside: [...beside, copy] });
}

/**
 * Attributes but for the stack trace, which is drawn as one.
 * @param {Record<string, unknown>} attributes
 * @returns {Record<string, unknown>}
 */
export function withoutStack(attributes) {
  const { [stackKey(attributes)]: _stack, ...rest } = attributes;
  return rest;
}

/**
 * @param {Record<string, unknown>} attributes
 * @returns {string} the name of the one that has a stack trace; empty without one
 */
function stackKey(attributes) {
  return STACK_KEYS.find((each) => typeof attributes[each] === "string") ?? "";
}

/**
 * How long a value is whose beginning is drawn, and what shows all of it.
 * @param {Cut} cut
 * @param {() => void} replaced called when the whole comes
 * @returns {HTMLElement}
 */
function restOf({ length, whole }, replaced) {
  const rest = build("span", { class: "long-value" });
  const count = length.toLocaleString(document.documentElement.lang);
  const note = interpolate(gettext("%(count)s characters"), { count });
  const show = button(gettext("Show all"), async () => {
    show.disabled = true;
    try {
      rest.replaceChildren(...wholeNodes(await whole()));
      replaced();
    } catch (error) {
      show.disabled = false;
      show.after(build("span", { class: "problem", role: "alert" }, messageOf(error)));
    }
  }, { class: "link" });
  rest.append(build("span", { class: "quiet" }, note), show);
  return rest;
}

/**
 * @param {string} text
 * @returns {Node[]}
 */
function wholeNodes(text) {
  const kept = text.slice(0, MOST_WHOLE);
  const label = gettext("The whole value");
  return [
    build("pre", { class: "whole", tabindex: "0", role: "region", "aria-label": label }, kept),
    ...(kept.length < text.length
      ? [build("span", { class: "quiet" }, gettext("Only the beginning is drawn here."))]
      : []),
    button(gettext("Copy"), () => navigator.clipboard.writeText(text), { class: "link" }),
    button(gettext("Save"), () => save(new Blob([text]), "value.txt"), { class: "link" }),
  ];
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function textOf(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
