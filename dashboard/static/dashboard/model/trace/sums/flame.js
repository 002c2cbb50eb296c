import { selfTime } from "../critical_path.js";

/**
 * @typedef {import("../rows.js").Row} Row
 *
 * @typedef {object} Frame The calls of one operation under the same ones, as one; times in ns.
 * @property {string} service
 * @property {string} name
 * @property {Frame | null} parent
 * @property {Frame[]} children in the order of their first calls
 * @property {number} depth
 * @property {number} count
 * @property {number} failed
 * @property {number} total of all their times, which may overlap
 * @property {number} self of the times in which none of their children ran
 * @property {number} value its own time with that of all below: so wide is it drawn
 *
 * @typedef {{frame: Frame, left: number, width: number}} Placed From 0 to 1.
 */

const LEAST_WIDTH = 0.001;
const DEEPEST = 200;

/**
 * Merges the spans of a trace: those of one service and name below the same ones are one frame.
 * @param {Row[]} listed in the order of the tree
 * @returns {Frame} of no operation: what the roots stand below
 */
export function flameOf(listed) {
  const root = frame("", "", null);
  /** @type {Array<{frame: Frame, names: Map<string, {frame: Frame, names: Map<string, any>}>}>} */
  const above = [{ frame: root, names: new Map() }];
  /** @type {Frame[]} */
  const made = [];
  listed.forEach(({ span, start, end, depth }, at) => {
    const parent = above[Math.min(depth, DEEPEST, above.length - 1)];
    if (!parent) return;
    const key = `${span.service}\n${span.name}`;
    let of = parent.names.get(key);
    if (!of) {
      of = { frame: frame(span.service, span.name, parent.frame), names: new Map() };
      parent.names.set(key, of);
      parent.frame.children.push(of.frame);
      made.push(of.frame);
    }
    of.frame.count += 1;
    of.frame.failed += Number(span.failed);
    of.frame.total += end - start;
    of.frame.self += selfTime(listed, at);
    above.length = of.frame.depth;
    above.push(of);
  });
  // Those below come after those above.
  for (const each of made.reverse()) {
    each.value += each.self;
    if (each.parent) each.parent.value += each.value;
  }
  return root;
}

/**
 * Places the frames below and above one that fills the whole width; what is too narrow is left out.
 * @param {Frame} within
 * @returns {Placed[]} the upper ones first
 */
export function placedIn(within) {
  /** @type {Placed[]} */
  const found = [];
  for (let above = within.parent; above?.parent; above = above.parent) {
    found.unshift({ frame: above, left: 0, width: 1 });
  }
  const waiting = [{ frame: within, left: 0, width: 1 }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { frame, left, width } = next;
    if (frame.parent) found.push(next);
    let from = left;
    for (const child of frame.children) {
      const part = frame.value ? (child.value / frame.value) * width : 0;
      if (part >= LEAST_WIDTH) waiting.push({ frame: child, left: from, width: part });
      from += part;
    }
  }
  return found;
}

/**
 * @param {string} service
 * @param {string} name
 * @param {Frame | null} parent
 * @returns {Frame}
 */
function frame(service, name, parent) {
  const depth = parent ? parent.depth + 1 : 0;
  const none = { count: 0, failed: 0, total: 0, self: 0, value: 0 };
  return { service, name, parent, children: [], depth, ...none };
}
