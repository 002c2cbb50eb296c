import { FAILED } from "../columns/span_data.js";

/**
 * @typedef {import("../columns/tree.js").Tree} Tree
 * @typedef {import("../axis.js").Axis} Axis
 */

/** Which of the colours of a pixel is that of what failed. */
export const BAD = 1;

/**
 * Draws all rows of a trace into so many pixels that several share each: of those of one the last row
 * is seen, before all others one that failed.
 * @param {Tree} tree
 * @param {Axis} axis
 * @param {{width: number, height: number}} size in pixels
 * @returns {{pixels: Uint32Array, services: string[]}} of each pixel 0 for none, `BAD`, or the place of
 *   its service and 2
 */
export function pixelsOf({ columns, data: { of, start, end } }, axis, { width, height }) {
  const pixels = new Uint32Array(width * height);
  const { service, flags } = columns.data;
  /** By the numbers of the services; 0 for those that have none yet. */
  const colours = new Uint32Array(columns.texts.all.length);
  /** @type {string[]} */
  const services = [];
  /** @type {number[]} */
  const failed = [];
  const x = positions(axis, width);
  const draw = (/** @type {number} */ row, /** @type {number} */ colour) => {
    const line = Math.floor((row / of.length) * height) * width;
    const left = Math.min(width - 1, Math.floor(x(start[row] ?? 0)));
    const right = Math.max(left + 1, Math.round(x(end[row] ?? 0)));
    for (let at = line + left; at < line + right; at++) pixels[at] = colour;
  };
  for (let row = 0; row < of.length; row++) {
    const place = of[row] ?? 0;
    if ((flags[place] ?? 0) & FAILED) {
      failed.push(row);
      continue;
    }
    const number = service[place] ?? 0;
    const colour = colours[number] || services.push(columns.texts.at(number)) + 1;
    colours[number] = colour;
    draw(row, colour);
  }
  for (const row of failed) draw(row, BAD);
  return { pixels, services };
}

/**
 * @param {Axis} axis
 * @param {number} width
 * @returns {(moment: number) => number} in pixels
 */
function positions(axis, width) {
  if (axis.folded.length) return (moment) => axis.position(moment) * width;
  const scale = width / (axis.last - axis.first);
  return (moment) => Math.min(width, Math.max(0, (moment - axis.first) * scale));
}
