import { at, beside, clipped, inside, middle, mixed, overlap, pathOf, samples } from "./curves.js";
import { callEachOther, inReadingOrder, layersOf, most, rowsOf } from "./layers.js";

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
 * @typedef {import("./layers.js").Edge} Edge
 * @typedef {import("./curves.js").Curve} Curve
 */

const MOST_COLUMNS = 4;
const MOST_ROWS_DOWN = 7;
/** A box and the room below it, where a graph is laid out from above. */
const DOWN = { box: 42, pitch: 78, widest: 112, gap: 26 };
const MOST_ROWS = 4;
const ROW = 68;
const SPACE = 24;
const MARGIN = 2;
const GAPS = [0, 0, 130, 104, 66];
/** Room that a chip takes. */
const CHIP = { width: 32, height: 24 };
const APART = 9;
const BENDS = [0, 8, -8, 16, -16, 24, -24, 34, -34, 44, -44, 56, -56, 72, -72, 90, -90];
const ASIDE = [0, 7, -7, 13, -13, 17, -17, 23, -23];
const PLACES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86];
/** What it costs that a curve crosses a box at one of its points. */
const CROSSING = 400;

/**
 * Lays out any graph: nodes in columns by how many calls away from the first they are, or in rows
 * below one another where there are too many for columns or those of one column call each other, each edge as a curve around the nodes that
 * it has nothing to do with, with room for a chip on it.
 * @param {string[]} nodes the first is who calls first
 * @param {Edge[]} edges
 * @param {{width: number, height: number}} size the height may become more
 * @returns {{boxes: Box[], wires: Wire[], height: number}}
 */
export function layOutGraph(nodes, edges, size) {
  const layers = layersOf(nodes, edges);
  const fits = layers.length <= MOST_COLUMNS &&
    layers.every((layer) => layer.length <= MOST_ROWS && !callEachOther(layer, edges));
  const below = fits ? [] : rowsOf(layers, edges);
  if (below.length && below.length <= MOST_ROWS_DOWN) return inRows(below, edges, size);
  const columns = fits ? layers : inReadingOrder(layers);
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
 * @param {string[][]} rows
 * @param {Edge[]} edges
 * @param {{width: number, height: number}} size
 * @returns {{boxes: Box[], wires: Wire[], height: number}}
 */
function inRows(rows, edges, size) {
  const longest = most(rows.map((row) => row.length));
  const room = (size.width - 2 * MARGIN - (longest - 1) * DOWN.gap) / longest;
  const width = Math.min(DOWN.widest, room);
  const height = Math.max(size.height, rows.length * DOWN.pitch - (DOWN.pitch - DOWN.box) / 2);
  const boxes = rows.flatMap((names, row) =>
    names.map((name, at) => ({
      name,
      x: ((at + 0.5) / names.length) * size.width - width / 2,
      y: MARGIN + row * ((height - 2 * MARGIN - DOWN.box) / (rows.length - 1)),
      width,
      height: DOWN.box,
    }))
  );
  return { boxes, wires: wiresOf(edges, boxes, { width: size.width, height }), height };
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
