import { layOutGraph } from "./graph/layout.js";
import { inSentence } from "./titles.js";

/**
 * @typedef {{name: string, title: string, port: number | null}} Service
 * @typedef {{name: string, from: string, to: string, attached?: boolean, brokenByOthers?: string[]}} Link
 *
 * @typedef {object} System
 * @property {Service[]} services
 * @property {Link[]} links
 * @property {string[]} [others] who is no service of the system, but stands at a link or a call
 * @property {Array<[string, string]>} [calls] who was seen to call whom without a link
 *
 * @typedef {import("./graph/layout.js").Box} Box
 * @typedef {import("./graph/layout.js").Wire} Wire
 */

/** Who presses the buttons: always there, and no service. */
export const CLIENT = "client";

/** The sender of a link of which nobody has said who calls it. */
export const UNKNOWN = "?";

export const WIDTH = 416;
export const HEIGHT = 204;

const MIDDLE = HEIGHT / 2;
const TALLEST = 76;
const MARGIN = 2;
const LONG_GAP = 70;
const SHORT_GAP = 38;
const ARC = 24;
const BEND = 14;
const LONGEST_ROW = 4;

/**
 * Names both ends of a link, as in a sentence.
 * @param {System} system
 * @param {string} name
 * @param {string} client what the client is called
 * @returns {string} the name itself when the system has no such link
 */
export function linkTitle(system, name, client) {
  const link = system.links.find((each) => each.name === name);
  if (!link) return name;
  return `${titleOf(system, link.from, client)} → ${titleOf(system, link.to, client)}`;
}

/**
 * @param {System} system
 * @param {string} name of a service
 * @param {string} client
 * @returns {string} its title within a sentence
 */
export function titleOf(system, name, client) {
  const service = system.services.find((each) => each.name === name);
  return inSentence(name === CLIENT ? client : service?.title ?? name);
}

/**
 * Finds the link of a call by its boundary, as spans and log lines have it (`api->worker`).
 * @param {System} system
 * @param {unknown} boundary
 * @returns {string | undefined}
 */
export function linkOfBoundary(system, boundary) {
  return system.links.find((each) => `${each.from}->${each.to}` === boundary)?.name;
}

/**
 * Names the links at which a service stands: those that lead to it, then those that lead from it.
 * @param {System} system
 * @param {string} service
 * @returns {string[]}
 */
export function linksOf({ links }, service) {
  const to = links.filter((each) => each.to === service);
  const from = links.filter((each) => each.from === service && each.to !== service);
  return [...to, ...from].map((each) => each.name);
}

/**
 * Places services in columns, by how many calls away from the client they are, and runs links
 * between them. Where they stand in a row, there and back in arcs where both ways have one, straight
 * where only one has.
 * @param {System} system
 * @returns {{boxes: Box[], wires: Wire[], seen: Wire[], height: number}} `seen`: calls without a link
 */
export function layOut(system) {
  const columns = columnsOf(system);
  const { others = [], calls = [] } = system;
  if (!others.length && isRow(system, columns)) {
    return { ...inRow(system, columns), seen: [], height: HEIGHT };
  }
  const nodes = [CLIENT, ...system.services.map((each) => each.name), ...others];
  const edges = [
    ...system.links,
    ...calls.map(([from, to]) => ({ name: `${from} ${to}`, from, to })),
  ];
  const { boxes, wires, height } = layOutGraph(nodes, edges, { width: WIDTH, height: HEIGHT });
  const names = new Set(system.links.map((each) => each.name));
  return {
    boxes,
    wires: wires.filter(({ name }) => names.has(name)),
    seen: wires.filter(({ name }) => !names.has(name)),
    height,
  };
}

/**
 * Whether services stand one behind the other, and each link leads to a neighbour.
 * @param {System} system
 * @param {string[][]} columns
 * @returns {boolean}
 */
function isRow({ links, calls = [] }, columns) {
  const place = new Map(columns.flatMap((names, at) => names.map((name) => [name, at])));
  const ways = new Set(links.map(({ from, to }) => `${from} ${to}`));
  return columns.length <= LONGEST_ROW && columns.every((names) => names.length === 1) &&
    !calls.length && ways.size === links.length &&
    links.every(({ from, to }) => Math.abs((place.get(from) ?? 0) - (place.get(to) ?? 0)) === 1);
}

/**
 * @param {System} system
 * @param {string[][]} columns
 * @returns {{boxes: Box[], wires: Wire[]}}
 */
function inRow(system, columns) {
  const returned = (/** @type {Link} */ link) =>
    system.links.some((each) => each.from === link.to && each.to === link.from);
  const gaps = columns.slice(1).map((column, index) =>
    system.links.some((link) =>
        !returned(link) && columns[index]?.includes(link.from) && column.includes(link.to)
      )
      ? LONG_GAP
      : SHORT_GAP
  );
  const room = WIDTH - 2 * MARGIN - gaps.reduce((sum, gap) => sum + gap, 0);
  // The client's box says less.
  const unit = room / (columns.length - 0.12);
  /** @type {Box[]} */
  const boxes = [];
  let x = MARGIN;
  columns.forEach((names, at) => {
    const width = at === 0 ? unit * 0.88 : unit;
    const height = Math.min(TALLEST, (HEIGHT - 2 * ARC) / names.length - 8);
    names.forEach((name, row) => {
      const y = MIDDLE + (row - (names.length - 1) / 2) * (height + 8) - height / 2;
      boxes.push({ name, x, y, width, height });
    });
    x += width + (gaps[at] ?? 0);
  });
  const boxOf = new Map(boxes.map((box) => [box.name, box]));
  const wires = system.links.flatMap((link) => {
    const from = boxOf.get(link.from);
    const to = boxOf.get(link.to);
    return from && to ? [returned(link) ? arc(link, from, to) : straight(link, from, to)] : [];
  });
  return { boxes, wires };
}

/**
 * @param {System} system
 * @returns {string[][]}
 */
function columnsOf({ services, links }) {
  const columns = [[CLIENT]];
  const placed = new Set([CLIENT]);
  for (let last = columns[0] ?? []; last.length;) {
    const next = services.map((each) => each.name).filter((name) =>
      !placed.has(name) && links.some((link) => link.to === name && last.includes(link.from))
    );
    for (const name of next) placed.add(name);
    if (next.length) columns.push(next);
    last = next;
  }
  const rest = services.map((each) => each.name).filter((name) => !placed.has(name));
  return rest.length ? [...columns, rest] : columns;
}

/**
 * @param {Link} link
 * @param {Box} from
 * @param {Box} to
 * @returns {Wire}
 */
function arc({ name }, from, to) {
  const above = from.x < to.x;
  const inset = (/** @type {Box} */ box) => box.x + box.width / 2;
  const [left, right] = above ? [inset(from), inset(to)] : [inset(to), inset(from)];
  const height = above ? ARC : HEIGHT - ARC;
  const way = above ? 1 : -1;
  const edge = (/** @type {Box} */ box, /** @type {number} */ gap) =>
    (above ? box.y : box.y + box.height) - way * gap;
  const [start, end] = [inset(from), inset(to)];
  const path = `M${start} ${edge(from, 0)}V${height + way * BEND}Q${start} ${height} ` +
    `${start + way * BEND} ${height}H${end - way * BEND}Q${end} ${height} ${end} ` +
    `${height + way * BEND}V${edge(to, 3)}`;
  return {
    name,
    path,
    chip: { x: (left + right) / 2, y: height },
    start: { x: start, y: edge(from, 17) },
    short: false,
  };
}

/**
 * @param {Link} link
 * @param {Box} from
 * @param {Box} to
 * @returns {Wire}
 */
function straight({ name }, from, to) {
  const forward = from.x < to.x;
  const start = { x: forward ? from.x + from.width : from.x, y: from.y + from.height / 2 };
  const end = { x: forward ? to.x - 3 : to.x + to.width + 3, y: to.y + to.height / 2 };
  return {
    name,
    path: `M${start.x} ${start.y}L${end.x} ${end.y}`,
    chip: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 },
    start: { x: start.x, y: start.y + 22 },
    short: true,
  };
}
