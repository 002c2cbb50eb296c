/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{x1: number, y1: number, x2: number, y2: number}} Line
 */

const CLEAR = 2;

/** The room of a drawing: what is taken by lines and boxes, and what is free. */
export class Room {
  /** @type {Box[]} */
  #boxes = [];
  /** @type {Line[]} */
  #lines = [];

  /**
   * @param {Box} box
   * @returns {void}
   */
  take(box) {
    this.#boxes.push(box);
  }

  /**
   * @param {Line} line
   * @returns {void}
   */
  draw(line) {
    this.#lines.push(line);
  }

  /**
   * @param {Box} box
   * @returns {boolean}
   */
  isFree(box) {
    return !this.#boxes.some((each) => overlap(each, box)) &&
      !this.#lines.some((each) => crosses(each, box));
  }
}

/**
 * @param {Box} a
 * @param {Box} b
 * @returns {boolean}
 */
export function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Whether a line touches a box, or comes too near to it.
 * @param {Line} line
 * @param {Box} box
 * @returns {boolean}
 */
export function crosses({ x1, y1, x2, y2 }, box) {
  const ranges = [
    [x1, x2, box.left - CLEAR, box.right + CLEAR],
    [y1, y2, box.top - CLEAR, box.bottom + CLEAR],
  ];
  let [from, to] = [0, 1];
  for (const [a = 0, b = 0, low = 0, high = 0] of ranges) {
    if (a === b) {
      if (a < low || a > high) return false;
      continue;
    }
    const [enters, leaves] = [(low - a) / (b - a), (high - a) / (b - a)];
    from = Math.max(from, Math.min(enters, leaves));
    to = Math.min(to, Math.max(enters, leaves));
  }
  return from <= to;
}
