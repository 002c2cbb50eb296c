import { parentOf } from "./rows.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./messages/message.js").Message} Message
 *
 * @typedef {object} Outlived How a span went on after the one that began it had ended.
 * @property {string} service whose call it was
 * @property {number} at when that one ended
 * @property {number} by for how long this one went on
 * @property {boolean} gaveUp whether the caller stopped waiting, instead of being done
 */

const CALLERS = ["CLIENT", "PRODUCER"];
const ENDED_BY_WAITING = /time[_ ]?d?[_ ]?out|deadline|abort|cancel/i;
const TOLERANCE_NS = 1_000_000;

/**
 * Whom each call calls: by its message, else by the span that it led to.
 * @param {Row[]} listed
 * @param {Message[]} messages
 * @returns {(at: number) => string} empty for what is no call, or where no record says it
 */
export function callees(listed, messages) {
  const named = new Map(requests(messages).map(({ spanId, to }) => [spanId, to]));
  return (at) => {
    const row = listed[at];
    if (!row || !CALLERS.includes(row.span.kind)) return "";
    const below = listed[at + 1];
    const led = row.next > at + 1 && below && below.span.service !== row.span.service;
    return named.get(row.span.spanId) ?? (led ? below.span.service : "");
  };
}

/**
 * The calls that left nothing on record at whom they called, although they are over.
 * @param {Row[]} listed
 * @param {Message[]} messages
 * @returns {Map<number, string>} the services that have no record, by the places of the calls
 */
export function unheard(listed, messages) {
  const silent = new Map(
    requests(messages)
      .filter(({ receivedUnixNano, outcome }) => !receivedUnixNano && outcome !== "delivered")
      .map(({ spanId, to }) => [spanId, to]),
  );
  /** @type {Map<number, string>} */
  const found = new Map();
  if (!silent.size) return found;
  listed.forEach((row, at) => {
    const service = silent.get(row.span.spanId);
    if (!service || !CALLERS.includes(row.span.kind) || row.span.end === null) return;
    const below = listed.slice(at + 1, row.next);
    if (below.every((each) => each.span.service !== service)) found.set(at, service);
  });
  return found;
}

/**
 * Puts a row of its own below each call that nobody heard: the complement of the call's place.
 * @param {number[]} visible
 * @param {ReadonlyMap<number, string>} silent
 * @returns {number[]}
 */
export function withUnheard(visible, silent) {
  if (!silent.size) return visible;
  return visible.flatMap((at) => (silent.has(at) ? [at, ~at] : [at]));
}

/**
 * Whether, and since when, a span outlives the one that began it. Clocks may err by a little.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {Outlived | null}
 */
export function outlived(listed, at) {
  const row = listed[at];
  // In a large trace a parent is far: it is looked for where it has been outlived only.
  const above = row?.outlives ? parentOf(listed, at) : null;
  const parent = listed[above ?? -1];
  if (!row || !parent || above === null) return null;
  const by = row.end - parent.end;
  if (by <= TOLERANCE_NS || parent.end < row.start || parent.span.end === null) return null;
  const enclosing = listed[parentOf(listed, above) ?? -1];
  const kinds = [parent, enclosing].map((each) => each?.span.errorKind ?? "");
  return {
    service: parent.span.service,
    at: parent.end,
    by,
    gaveUp: parent.span.failed && kinds.some((kind) => ENDED_BY_WAITING.test(kind)),
  };
}

/**
 * @param {Message[]} messages
 * @returns {Message[]}
 */
function requests(messages) {
  return messages.filter(({ kind, spanId }) => kind === "request" && spanId);
}
