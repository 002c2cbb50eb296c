import { byPlace } from "../../base/palette.js";

const MOST_COLUMNS = 6;

/**
 * @typedef {{name: string, spanCount: number}} ServiceShare How many spans a service has of a trace.
 */

/**
 * Which services have a place of their own in a list of traces: the busiest, those of the lab first,
 * then by name, so that a service keeps its place while the list goes on.
 * @param {Array<{services: ServiceShare[]}>} traces
 * @returns {string[]}
 */
export function serviceColumns(traces) {
  /** @type {Map<string, number>} */
  const spans = new Map();
  for (const { services } of traces) {
    for (const { name, spanCount } of services) {
      spans.set(name, (spans.get(name) ?? 0) + spanCount);
    }
  }
  const busiest = [...spans].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return busiest.slice(0, MOST_COLUMNS).map(([name]) => name).sort(byPlace);
}

/**
 * The spans of a trace by column, and those of services without one. A service with 0 has log
 * records alone; null stands for one that takes no part.
 * @param {ServiceShare[]} services
 * @param {string[]} columns
 * @returns {{counts: Array<number | null>, others: ServiceShare[]}}
 */
export function spansByColumn(services, columns) {
  const counts = columns.map(
    (name) => services.find((each) => each.name === name)?.spanCount ?? null,
  );
  return { counts, others: services.filter(({ name }) => !columns.includes(name)) };
}
