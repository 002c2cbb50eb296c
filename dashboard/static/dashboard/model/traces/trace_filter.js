/** The filters of the list of traces, by the names that the URL and the API share. */
export const FILTERS = /** @type {const} */ ([
  "q",
  "service",
  "status",
  "errorKind",
  "minMs",
  "maxMs",
  "attr",
  "probes",
  "since",
  "until",
]);

/**
 * Takes from a query what is a filter, empty ones left out.
 * @param {URLSearchParams} query
 * @returns {Record<string, string>}
 */
export function fromQuery(query) {
  /** @type {Record<string, string>} */
  const filters = {};
  for (const name of FILTERS) {
    const value = query.get(name)?.trim();
    if (value) filters[name] = value;
  }
  return filters;
}

/**
 * Turns filters into a query, in one order, so that the same filters have the same URL.
 * @param {Record<string, string>} filters
 * @returns {string} empty, or with its question mark
 */
export function toQuery(filters) {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filters[name]?.trim();
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text && `?${text}`;
}

/**
 * Makes the query of an export: of the chosen traces, or else of those that the filters find.
 * @param {"otlp" | "jaeger"} format
 * @param {string[]} chosen ids of traces
 * @param {Record<string, string>} filters filters
 * @returns {string} with its question mark
 */
export function toExportQuery(format, chosen, filters) {
  const query = new URLSearchParams(chosen.length ? "" : toQuery(filters));
  query.set("format", format);
  for (const traceId of chosen) query.append("traceId", traceId);
  return `?${query}`;
}
