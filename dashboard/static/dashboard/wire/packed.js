import { Events } from "../model/trace/columns/events.js";
import { Ids } from "../model/trace/columns/ids.js";
import { SpanColumns } from "../model/trace/columns/span_columns.js";
import { Texts } from "../model/trace/columns/texts.js";

/**
 * @typedef {object} Outline
 * @property {SpanColumns} spans
 * @property {bigint | null} base from when their times count; null where none is on record
 * @property {number} last where to go on once there is more
 * @property {number | null} next where the rest begins, of a trace that is too large
 */

const ALIGNMENT = 8;

/**
 * Reads an outline that the observer has packed; the columns stay where they are.
 * @param {ArrayBuffer} buffer
 * @returns {Outline}
 */
export function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = aligned(4 + length);
  /** @type {Record<string, {at: number, length: number}>} */
  const parts = {};
  for (const [name, bytes] of Object.entries(head.columns)) {
    parts[name] = { at, length: Number(bytes) };
    at = aligned(at + Number(bytes));
  }
  const part = (/** @type {string} */ name) => parts[name] ?? { at: 0, length: 0 };
  const bytes = (/** @type {string} */ name) =>
    new Uint8Array(buffer, part(name).at, part(name).length);
  const numbers = (/** @type {string} */ name) =>
    new Uint32Array(buffer, part(name).at, part(name).length / 4);
  const times = (/** @type {string} */ name) =>
    new Float64Array(buffer, part(name).at, part(name).length / 8);
  const texts = new Texts(head.texts);
  const spans = new SpanColumns({
    data: {
      id: numbers("id"),
      parent: numbers("parent"),
      name: numbers("name"),
      target: numbers("target"),
      service: numbers("service"),
      error: numbers("error"),
      start: times("start"),
      end: times("end"),
      kind: bytes("kind"),
      state: bytes("state"),
      flags: bytes("flags"),
    },
    count: head.count,
    ids: new Ids(numbers("ids")),
    texts,
    events: new Events(texts, {
      from: begins(numbers("eventCount")),
      name: numbers("eventName"),
      at: times("eventAt"),
    }),
  });
  const base = head.base === null ? null : BigInt(head.base);
  return { spans, base, last: head.last, next: head.next };
}

/**
 * @param {Uint32Array} counts
 * @returns {Uint32Array} where what is counted begins, and where the last ends
 */
function begins(counts) {
  if (!counts.some(Boolean)) return new Uint32Array();
  const found = new Uint32Array(counts.length + 1);
  counts.forEach((count, at) => found[at + 1] = (found[at] ?? 0) + count);
  return found;
}

/**
 * @param {number} length
 * @returns {number}
 */
function aligned(length) {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
