import { at, beside, clipped, inside, middle, mixed, overlap, pathOf, samples } from "./curves.js";

/**
 * @typedef {object} Box Where a service stands on the map.
 * @property {string} name
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Wire Where a link runs on the map.
 * @property {string} name
 * @property {string} path the data of an SVG path, from the sender to the receiver
 * @property {{x: number, y: number}} chip where its state is shown
 * @property {{x: number, y: number}} start where what never left is marked
 * @property {boolean} short whether there is no room for its title
 * @property {boolean} [tiny] whether there is room for a sign alone
 *
 * @typedef {import("./curves.js").Point} Point
 * @typedef {{name: string, from: string, to: string}} Edge
 * @typedef {import("./curves.js").Curve} Curve
 */

const COLUMNS = 4;
const MOST_ROWS = 4;
const ROW = 68;
const SPACE = 24;
const MARGIN = 2;
const GAPS = [0, 0, 130, 104, 66];
/** Room that a chip takes. */
const CHIP = { width: 32, height: 24 };
const APART = 9;
const BENDS = [0, 8, -8, 16, -16, 24, -24, 34, -34, 44, -44, 56, -56, 72, -72, 90, -90];
const ASIDE = [0, 7, -7, 13, -13, 17, -17];
const PLACES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86];
/** What it costs that a curve crosses a box at one of its points. */
const CROSSING = 400;

/**
 * Lays out any graph: nodes in columns by how many calls away from the first they are, each edge as a
 * curve around the nodes that it has nothing to do with, with room for a chip on it.
 * @param {string[]} nodes the first is who calls first
 * @param {Edge[]} edges
 * @param {{width: number, height: number}} size the height may become more
 * @returns {{boxes: Box[], wires: Wire[], height: number}}
 */
export function layOutGraph(nodes, edges, size) {
  const columns = columnsOf(nodes, edges);
  const rows = most(columns.map((column) => column.length));
  const height = Math.max(size.height, rows * ROW);
  const gap = GAPS[columns.length] ?? 0;
  const width = (size.width - 2 * MARGIN - (columns.length - 1) * gap) / columns.length;
  const boxes = columns.flatMap((names, at) => {
    const tall = Math.min(76, height / names.length - SPACE);
    return names.map((name, row) => ({
      name,
      x: MARGIN + at * (width + gap),
      y: (row + 0.5) * (height / names.length) - tall / 2,
      width,
      height: tall,
    }));
  });
  return { boxes, wires: wiresOf(edges, boxes, { width: size.width, height }), height };
}

/**
 * @param {string[]} nodes
 * @param {Edge[]} edges
 * @returns {string[][]}
 */
function columnsOf(nodes, edges) {
  const depth = depths(nodes, edges);
  const deepest = most([...depth.values()]);
  const layers = Array.from(
    { length: deepest + 1 },
    (_, at) => nodes.filter((name) => depth.get(name) === at),
  ).filter((layer) => layer.length);
  const fits = layers.length <= COLUMNS && layers.every((layer) => layer.length <= MOST_ROWS);
  if (fits) return layers;
  // In reading order by depth, there and back again, so that neighbours stay neighbours.
  const ordered = layers.flat();
  const rows = Math.ceil(ordered.length / COLUMNS);
  const filled = Array.from(
    { length: Math.ceil(ordered.length / rows) },
    (_, at) => ordered.slice(at * rows, (at + 1) * rows),
  );
  return filled.map((column, at) => at % 2 ? column.reverse() : column);
}

/**
 * @param {string[]} nodes
 * @param {Edge[]} edges
 * @returns {Map<string, number>}
 */
function depths(nodes, edges) {
  /** @type {Map<string, number>} */
  const depth = new Map(nodes.slice(0, 1).map((name) => [name, 0]));
  for (let last = [...depth.keys()]; last.length;) {
    const next = nodes.filter((name) =>
      !depth.has(name) && edges.some((edge) => edge.to === name && last.includes(edge.from))
    );
    for (const name of next) depth.set(name, 1 + (depth.get(last[0] ?? "") ?? 0));
    last = next;
  }
  const end = most([...depth.values()]) + 1;
  for (const name of nodes) {
    if (depth.has(name)) continue;
    // Nobody calls it: it stands before whom it calls, or at the end.
    const called = edges.filter((edge) => edge.from === name).map((edge) =>
      depth.get(edge.to) ?? end
    );
    const nearest = called.reduce((least, each) => Math.min(least, each), end + 1);
    depth.set(name, called.length ? Math.max(0, nearest - 1) : end);
  }
  return depth;
}

/**
 * @param {Edge[]} edges
 * @param {Box[]} boxes
 * @param {{width: number, height: number}} size
 * @returns {Wire[]}
 */
function wiresOf(edges, boxes, size) {
  /** @type {Box[]} */
  const taken = [...boxes];
  return edges.flatMap((edge) => {
    const from = boxes.find(({ name }) => name === edge.from);
    const to = boxes.find(({ name }) => name === edge.to);
    if (!from || !to) return [];
    const others = boxes.filter((box) => box !== from && box !== to);
    const returned = edges.some((each) => each.from === edge.to && each.to === edge.from);
    const { curve, chip } = best(curves(from, to, returned ? APART : 0), taken, others, size);
    taken.push(around(chip));
    const { x, y } = at(curve, 0.12);
    return [{
      name: edge.name,
      path: pathOf(curve),
      chip,
      start: { x, y },
      short: true,
      tiny: true,
    }];
  });
}

/**
 * The curves from one box to another, the straight one first.
 * @param {Box} from
 * @param {Box} to
 * @param {number} apart how far to the side of the way back
 * @returns {Curve[]}
 */
function curves(from, to, apart) {
  const [start, end] = [middle(from), middle(to)];
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const side = { x: -(end.y - start.y) / length, y: (end.x - start.x) / length };
  const moved = (/** @type {Point} */ point, /** @type {number} */ by) => ({
    x: point.x + side.x * by,
    y: point.y + side.y * by,
  });
  const half = mixed(start, end, 0.5);
  return BENDS.map((bend) =>
    clipped(
      { from: moved(start, apart), bend: moved(half, apart + 2 * bend), to: moved(end, apart) },
      from,
      to,
    )
  );
}

/**
 * The curve, and the place for a chip on it, that cover the least of what is there already; of
 * several the least bent, with the chip as near to its middle as can be.
 * @param {Curve[]} all
 * @param {Box[]} taken
 * @param {Box[]} others boxes of nodes that the curve has nothing to do with
 * @param {{width: number, height: number}} size
 * @returns {{curve: Curve, chip: Point}}
 */
function best(all, taken, others, size) {
  let found = { curve: /** @type {Curve} */ (all[0]), chip: { x: 0, y: 0 } };
  let least = Infinity;
  for (const [bent, curve] of all.entries()) {
    const crossed = samples(curve).filter((point) =>
      others.some((box) =>
        inside(point, box, 4)
      ) || !inside(point, { x: 0, y: 0, ...size }, 0)
    ).length;
    for (const [late, place] of PLACES.entries()) {
      for (const [moved, aside] of ASIDE.entries()) {
        const chip = within(beside(curve, place, aside), size);
        const covered = taken.reduce((sum, box) => sum + overlap(around(chip), box), 0);
        const cost = crossed * CROSSING + covered * 4 + bent + late / 2 + moved * 3;
        if (cost < least) [least, found] = [cost, { curve, chip }];
      }
    }
  }
  return found;
}

/** @param {Point} point @param {{width: number, height: number}} size @returns {Point} */
function within({ x, y }, size) {
  return {
    x: Math.min(Math.max(x, CHIP.width / 2), size.width - CHIP.width / 2),
    y: Math.min(Math.max(y, CHIP.height / 2), size.height - CHIP.height / 2),
  };
}

/** @param {Point} point @returns {Box} */
function around({ x, y }) {
  return { name: "", x: x - CHIP.width / 2, y: y - CHIP.height / 2, ...CHIP };
}

/** @param {number[]} numbers @returns {number} */
function most(numbers) {
  return numbers.reduce((highest, each) => Math.max(highest, each), 0);
}
