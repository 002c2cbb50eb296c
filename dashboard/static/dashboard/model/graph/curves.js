/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{from: Point, bend: Point, to: Point}} Curve a quadratic Bézier curve
 * @typedef {{x: number, y: number, width: number, height: number}} Area
 */

const ARROW = 4;
const STEPS = 24;

/**
 * A curve from the edge of its first box to that of its second.
 * @param {Curve} curve
 * @param {Area} from
 * @param {Area} to
 * @returns {Curve}
 */
export function clipped(curve, from, to) {
  const moments = Array.from({ length: STEPS * 4 + 1 }, (_, step) => step / (STEPS * 4));
  const first = moments.find((moment) => !inside(at(curve, moment), from, 0)) ?? 0;
  const last = moments.findLast((moment) => !inside(at(curve, moment), to, ARROW)) ?? 1;
  if (last <= first) return curve;
  // The part between two moments of a quadratic curve is one as well.
  const [start, end] = [at(curve, first), at(curve, last)];
  const bend = mixed(
    mixed(curve.from, curve.bend, first),
    mixed(curve.bend, curve.to, first),
    last,
  );
  return { from: start, bend, to: end };
}

/**
 * @param {Area} one
 * @param {Area} two
 * @returns {number} the area that both have
 */
export function overlap(one, two) {
  const wide = Math.min(one.x + one.width, two.x + two.width) - Math.max(one.x, two.x);
  const high = Math.min(one.y + one.height, two.y + two.height) - Math.max(one.y, two.y);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** @param {Area} box @returns {Point} */
export function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * @param {Point} point
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {number} margin
 * @returns {boolean}
 */
export function inside({ x, y }, box, margin) {
  return x > box.x - margin && x < box.x + box.width + margin &&
    y > box.y - margin && y < box.y + box.height + margin;
}

/** @param {Point} one @param {Point} two @param {number} share @returns {Point} */
export function mixed(one, two, share) {
  return { x: one.x + (two.x - one.x) * share, y: one.y + (two.y - one.y) * share };
}

/** @param {Curve} curve @param {number} moment from 0 to 1 @returns {Point} */
export function at({ from, bend, to }, moment) {
  return mixed(mixed(from, bend, moment), mixed(bend, to, moment), moment);
}

/**
 * @param {Curve} curve
 * @param {number} moment
 * @param {number} aside how far from the curve
 * @returns {Point}
 */
export function beside(curve, moment, aside) {
  const point = at(curve, moment);
  const next = at(curve, moment + 0.01);
  const length = Math.hypot(next.x - point.x, next.y - point.y) || 1;
  return {
    x: point.x - ((next.y - point.y) / length) * aside,
    y: point.y + ((next.x - point.x) / length) * aside,
  };
}

/** @param {Curve} curve @returns {Point[]} */
export function samples(curve) {
  return Array.from({ length: STEPS + 1 }, (_, step) => at(curve, step / STEPS));
}

/** @param {Curve} curve @returns {string} */
export function pathOf({ from, bend, to }) {
  const text = (/** @type {Point} */ { x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${text(from)}Q${text(bend)} ${text(to)}`;
}
