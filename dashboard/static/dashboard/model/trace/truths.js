/**
 * @typedef {object} Moment Both sides from one moment on, as the evidence has it.
 * @property {string} timeUnixNano
 * @property {{belief: string, text: string, code: string}} caller
 * @property {{fact: string, text: string, code: string}} callee
 * @property {boolean} differ
 * @property {Array<{type: string, id: string, service: string}>} proofs
 *
 * @typedef {object} Interval A time in which one side does not change.
 * @property {number} from nanoseconds from the trace's base
 * @property {number} to
 * @property {string} value
 * @property {string} text
 */

/**
 * Puts the moments of one side together to intervals, each until the next.
 * @param {Array<{at: number, value: string, text: string}>} moments in the order of their times
 * @param {number} last the end of the trace
 * @returns {Interval[]}
 */
export function intervals(moments, last) {
  /** @type {Interval[]} */
  const found = [];
  for (const { at, value, text } of moments) {
    const before = found.at(-1);
    if (before && before.value === value && before.text === text) continue;
    if (before) before.to = at;
    found.push({ from: at, to: Math.max(at, last), value, text });
  }
  return found;
}

/**
 * Which moment holds at a time.
 * @param {Array<{at: number}>} moments in the order of their times
 * @param {number | null} cursor null for the end
 * @returns {number} a place in `moments`
 */
export function momentAt(moments, cursor) {
  if (cursor === null) return moments.length - 1;
  const after = moments.findIndex(({ at }) => at > cursor);
  return Math.max(0, after < 0 ? moments.length - 1 : after - 1);
}
