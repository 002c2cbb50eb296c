/**
 * @typedef {object} Wish A label that wants to stand at a place of an axis.
 * @property {string} text
 * @property {string} kind
 * @property {number} x in pixels
 * @property {"start" | "middle" | "end"} anchor which part of it stands there
 * @property {number[]} rows in which it may stand, the best first
 * @property {number} [until] how far to the right it may be moved to find room, in pixels
 * @property {boolean} [needed] stands in the row with the most room, should it fit in none
 *
 * @typedef {object} Label
 * @property {string} text
 * @property {string} kind
 * @property {number} left in pixels
 * @property {number} width
 * @property {number} row
 */

const GAP = 6;

/**
 * Places labels so that none covers another: the first ones first, each in the best row that has
 * room for it, kept within the width. One that has none is left out, unless it is needed.
 * @param {Wish[]} wishes
 * @param {number} width in pixels
 * @param {(text: string) => number} measure how wide a text is
 * @returns {Label[]}
 */
export function placed(wishes, width, measure) {
  /** @type {Label[]} */
  const found = [];
  for (const { text, kind, x, anchor, rows, until = 0, needed } of wishes) {
    const wide = measure(text);
    const part = { start: 0, middle: wide / 2, end: wide }[anchor];
    const first = Math.max(0, Math.min(x - part, width - wide));
    const places = [first, ...found.map((each) => each.left + each.width + GAP)]
      .filter((left) => left === first || (left > first && left + wide <= Math.min(until, width)))
      .sort((a, b) => a - b)
      .flatMap((left) => rows.map((row) => ({ left, row })));
    const free = places.find(({ left, row }) =>
      !found.some((each) => covers(each, row, left, wide))
    );
    const last = needed ? places.at(-1) : undefined;
    const { left, row } = free ?? last ?? {};
    if (left !== undefined && row !== undefined) {
      found.push({ text, kind, left, width: wide, row });
    }
  }
  return found;
}

/**
 * @param {Label} label
 * @param {number} row
 * @param {number} left
 * @param {number} width
 * @returns {boolean}
 */
function covers(label, row, left, width) {
  return label.row === row && left < label.left + label.width + GAP &&
    label.left < left + width + GAP;
}
