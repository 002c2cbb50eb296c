/**
 * @typedef {{name: string, from: string, to: string}} Edge
 */

const COLUMNS = 4;
const MOST_IN_A_ROW = 3;

/**
 * @param {string[]} nodes
 * @param {Edge[]} edges
 * @returns {string[][]} nodes by how many calls away from the first they are
 */
export function layersOf(nodes, edges) {
  const depth = depths(nodes, edges);
  const deepest = most([...depth.values()]);
  return Array.from(
    { length: deepest + 1 },
    (_, at) => nodes.filter((name) => depth.get(name) === at),
  ).filter((layer) => layer.length);
}

/**
 * @param {string[]} layer
 * @param {Edge[]} edges
 * @returns {boolean}
 */
export function callEachOther(layer, edges) {
  return edges.some(({ from, to }) => from !== to && layer.includes(from) && layer.includes(to));
}

/**
 * Breaks wide layers into rows, those last who call others themselves, and lets each stand below
 * those that it has to do with.
 * @param {string[][]} layers
 * @param {Edge[]} edges
 * @returns {string[][]}
 */
export function rowsOf(layers, edges) {
  /** @type {Map<string, number>} */
  const places = new Map();
  const placeOf = (/** @type {string} */ name) => {
    const near = edges.flatMap(({ from, to }) => from === name ? [to] : to === name ? [from] : [])
      .flatMap((other) => places.get(other) ?? []);
    return near.length ? near.reduce((sum, each) => sum + each, 0) / near.length : 0.5;
  };
  return layers.flatMap((layer, depth) => {
    const below = new Set(layers.slice(depth + 1).flat());
    const calls = (/** @type {string} */ name) =>
      edges.some(({ from, to }) => from === name && below.has(to));
    const ordered = [...layer].sort((one, two) => Number(calls(one)) - Number(calls(two)));
    const rows = Math.ceil(ordered.length / MOST_IN_A_ROW);
    return Array.from({ length: rows }, (_, row) => {
      const [from, to] = [row, row + 1].map((each) => Math.floor((each / rows) * ordered.length));
      const names = ordered.slice(from, to).map((name) => ({ name, place: placeOf(name) }))
        .sort((one, two) => one.place - two.place).map(({ name }) => name);
      for (const [at, name] of names.entries()) places.set(name, (at + 0.5) / names.length);
      return names;
    });
  });
}

/**
 * Fills columns in reading order, there and back again, so that neighbours stay neighbours.
 * @param {string[][]} layers
 * @returns {string[][]}
 */
export function inReadingOrder(layers) {
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

/** @param {number[]} numbers @returns {number} */
export function most(numbers) {
  return numbers.reduce((highest, each) => Math.max(highest, each), 0);
}
