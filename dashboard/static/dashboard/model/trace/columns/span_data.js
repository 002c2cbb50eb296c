import { KINDS } from "../span.js";

/** Of what a number stands for when it stands for nothing. */
export const NONE = 0xffffffff;

/** What a span is besides, in one byte of flags. */
export const START_UNKNOWN = 1;
export const FAILED = 2;
/** Shown as it was before its end. */
export const CUT = 4;

/** @type {readonly ("open" | "ended" | "abandoned")[]} */
export const STATES = ["open", "ended", "abandoned"];

/**
 * @typedef {object} SpanData The columns: what each span has at its place. Times are nanoseconds from
 *   the trace's base.
 * @property {Uint32Array} id numbers of ids
 * @property {Uint32Array} parent numbers of ids; NONE for a root
 * @property {Uint32Array} name numbers of texts
 * @property {Uint32Array} target numbers of texts; NONE where the name says all
 * @property {Uint32Array} service numbers of texts
 * @property {Uint32Array} error numbers of texts; NONE where no kind of error is known
 * @property {Float64Array} start
 * @property {Float64Array} end NaN for an open one
 * @property {Uint8Array} kind
 * @property {Uint8Array} state
 * @property {Uint8Array} flags
 */

/**
 * @param {number} length
 * @returns {SpanData}
 */
export function emptyData(length) {
  return {
    id: new Uint32Array(length),
    parent: new Uint32Array(length),
    name: new Uint32Array(length),
    target: new Uint32Array(length),
    service: new Uint32Array(length),
    error: new Uint32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    kind: new Uint8Array(length),
    state: new Uint8Array(length),
    flags: new Uint8Array(length),
  };
}

/**
 * @param {SpanData} data
 * @param {number} length more than it has
 * @returns {SpanData} with room for so many
 */
export function grown(data, length) {
  const larger = emptyData(length);
  for (const name of /** @type {Array<keyof SpanData>} */ (Object.keys(data))) {
    larger[name].set(data[name]);
  }
  return larger;
}

/**
 * @param {SpanData} data
 * @param {Uint32Array} places
 * @returns {SpanData} of those alone
 */
export function taken(data, places) {
  const found = emptyData(places.length);
  for (const name of /** @type {Array<keyof SpanData>} */ (Object.keys(data))) {
    const [from, to] = [data[name], found[name]];
    for (let at = 0; at < places.length; at++) to[at] = from[places[at] ?? 0] ?? 0;
  }
  return found;
}

/**
 * @param {SpanData} data
 * @param {number} place
 * @param {number} flag
 * @returns {boolean}
 */
export function hasFlag({ flags }, place, flag) {
  return ((flags[place] ?? 0) & flag) !== 0;
}

/**
 * @param {SpanData} data
 * @param {number} place
 * @returns {string}
 */
export function kindAt({ kind }, place) {
  return KINDS[kind[place] ?? 0] ?? "";
}

/**
 * @param {{data: SpanData, count: number}} spans
 * @returns {boolean} whether one of them runs
 */
export function anyRuns({ data, count }) {
  const open = data.state.indexOf(STATES.indexOf("open"));
  return open >= 0 && open < count;
}
