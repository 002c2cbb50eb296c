/**
 * @typedef {import("./room.js").Box & {direction: number}} Gate
 * @typedef {{x: number, y: number, reach: number}} Wait
 * @typedef {import("./room.js").Line & {end: import("./message.js").End, direction: number}} Way
 * @typedef {{left: number, top: number}} Place
 */

/** The height of a label, and the parts of a gate's way from its lane. */
export const TEXT = 14;
export const GATE = { from: 6, to: 30 };
/** How far a message is drawn on its way, by its end. */
export const REACH = {
  arrived: 1,
  refused: 0,
  reset: 0.62,
  lost: 0.66,
  "given-up": 0.9,
  unknown: 0.66,
  "under-way": 1,
};
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88];
const LEFT_OF_TEXT = [0.75, 0.5, 0.25];

/**
 * Texts, and parts of the last one, for where there is no room for it.
 * @param {string[]} texts the longest first
 * @returns {string[]}
 */
export function shortened(texts) {
  const last = texts.at(-1) ?? "";
  const parts = LEFT_OF_TEXT.map((share) => `${last.slice(0, Math.ceil(last.length * share))}…`);
  return [...texts, ...parts];
}

/**
 * @param {Gate} gate
 * @returns {(width: number) => Place[]}
 */
export function besideGate({ left, right, top, direction }) {
  return (width) => {
    const after = { left: right + 6, top: top + 2 };
    const before = { left: left - 6 - width, top: top + 2 };
    return direction > 0 ? [after, before] : [before, after];
  };
}

/**
 * @param {Wait} wait
 * @returns {(width: number) => Place[]}
 */
export function besideWait({ x, y, reach }) {
  return (width) => {
    const top = y - TEXT - 3;
    const near = [x + 14, x - 14 - width];
    const far = [x + GATE.to + 8, x - GATE.to - 8 - width];
    const sides = reach > x ? [near[0], far[0], near[1]] : [near[1], far[1], near[0]];
    return sides.map((left) => ({ left: left ?? 0, top }));
  };
}

/**
 * Places above an arrow: in the middle first, then towards its ends; for one that did not get far,
 * beyond its end.
 * @param {Way} way
 * @param {number} width
 * @param {number[]} ways
 * @returns {Place[]}
 */
export function alongArrow({ x1, y1, x2, y2, end, direction }, width, ways) {
  const slope = (y2 - y1) / (x2 - x1 || 1);
  const at = (/** @type {number} */ middle, below = false) => {
    const heightAt = (/** @type {number} */ x) => Math.min(Math.max(y1 + (x - x1) * slope, y1), y2);
    const [start, end] = [heightAt(middle - width / 2), heightAt(middle + width / 2)];
    const top = below ? Math.max(start, end) + 3 : Math.min(start, end) - TEXT - 3;
    return { left: middle - width / 2, top };
  };
  if (end === "refused") {
    const left = direction > 0 ? x2 + 10 : x2 - 10 - width;
    return [{ left, top: y1 - TEXT / 2 }, { left, top: y1 - TEXT - 3 }, { left, top: y1 + 3 }];
  }
  const [low, high] = [Math.min(x1, x2), Math.max(x1, x2)];
  const middles = ALONG.map((share) => x1 + (x2 - x1) * share);
  const within = ways.filter((x) => x > low && x < high);
  const edges = [low + width / 2 + 4, high - width / 2 - 4];
  const all = [...middles.slice(0, 1), ...within, ...middles.slice(1), ...edges];
  return [...all.map((x) => at(x)), ...all.map((x) => at(x, true))];
}
