/**
 * @typedef {object} LogLine
 * @property {number} seq
 * @property {string} timeUnixNano
 * @property {string} service
 * @property {string} level
 * @property {string} msg
 * @property {Record<string, unknown>} attributes
 * @property {string | null} traceId
 * @property {string | null} spanId
 * @property {string | null} requestId
 * @property {string | null} orderId
 * @property {string | null} errorKind
 * @property {boolean} [probe] whether it is of a health check or a probe
 *
 * @typedef {object} LogFilter
 * @property {string} service empty for every one
 * @property {string} level the lowest to show
 * @property {string} text part of a message, a requestId, an orderId or an attribute
 * @property {boolean} [probes] whether health checks and probes are shown
 */

/** From the lowest. */
export const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Whether a line passes a filter.
 * @param {LogLine} line
 * @param {LogFilter} filter
 * @returns {boolean}
 */
export function matches(line, filter) {
  if (line.probe && !filter.probes) return false;
  if (filter.service && line.service !== filter.service) return false;
  if (LEVELS.indexOf(line.level) < LEVELS.indexOf(filter.level)) return false;
  const text = filter.text.trim().toLowerCase();
  return !text || searchable(line).includes(text);
}

/**
 * @param {LogLine} line
 * @returns {string}
 */
function searchable(line) {
  const attributes = Object.entries(line.attributes).map(([key, value]) => `${key}=${value}`);
  return [line.msg, line.requestId, line.orderId, ...attributes].join(" ").toLowerCase();
}

/** Of a call across a boundary, what tells most first: a line may have no room for the last. */
const BOUNDARY_FIELDS = [
  "errorKind",
  "httpStatus",
  "elapsedMs",
  "timeoutMs",
  "attempt",
  "maxAttempts",
  "boundary",
];

/** They stand in columns of their own, or behind the line. */
const IDS = ["requestId", "orderId"];

/**
 * The fields of a line as `key=value`: those of a call across a boundary, and others that have a plain
 * name. Dotted ones are OpenTelemetry's own.
 * @param {{attributes: Record<string, unknown>}} line
 * @returns {string[]}
 */
export function details({ attributes }) {
  const others = Object.keys(attributes).filter((name) =>
    ![...BOUNDARY_FIELDS, ...IDS].includes(name) && !name.includes(".")
  );
  return [...BOUNDARY_FIELDS, ...others]
    .filter((name) => ["string", "number", "boolean"].includes(typeof attributes[name]))
    .map((name) => `${name}=${attributes[name]}`);
}

/**
 * @param {string} one nanoseconds since the epoch
 * @param {string} other
 * @returns {boolean}
 */
export function isLater(one, other) {
  return one.length === other.length ? one > other : one.length > other.length;
}

/**
 * Puts lines that came, perhaps late, where their times say; those of one time in the order in which
 * they came.
 * @template {{timeUnixNano: string}} L
 * @param {L[]} lines in the order of their times
 * @param {L[]} added in any order
 * @returns {L[]}
 */
export function merged(lines, added) {
  return [...lines, ...added].sort((a, b) =>
    isLater(a.timeUnixNano, b.timeUnixNano) ? 1 : isLater(b.timeUnixNano, a.timeUnixNano) ? -1 : 0
  );
}

/**
 * Marks the lines that are of health checks and probes.
 * @param {{logs: LogLine[], probes?: string[]}} read the lines, and the ids of the traces of probes among them
 * @returns {LogLine[]}
 */
export function marked({ logs, probes = [] }) {
  return logs.map((line) => ({ ...line, probe: probes.includes(line.traceId ?? "") }));
}

/**
 * Keeps the newest lines: so many of people and services, and as many of probes, so that those do not
 * push the others out.
 * @param {LogLine[]} lines in the order of their times
 * @param {number} most
 * @returns {LogLine[]}
 */
export function newest(lines, most) {
  const left = { true: most, false: most };
  return [...lines].reverse().filter((line) => left[`${line.probe === true}`]-- > 0)
    .reverse();
}
