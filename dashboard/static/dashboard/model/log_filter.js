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
 *
 * @typedef {object} Wanted
 * @property {string} service empty for every one
 * @property {string} level the lowest to show
 * @property {string} text part of a message, a requestId, an orderId or an attribute
 */

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/**
 * Whether a line is wanted.
 * @param {LogLine} line
 * @param {Wanted} wanted
 * @returns {boolean}
 */
export function matches(line, wanted) {
  if (wanted.service && line.service !== wanted.service) return false;
  if (LEVELS.indexOf(line.level) < LEVELS.indexOf(wanted.level)) return false;
  const text = wanted.text.trim().toLowerCase();
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

const AT_A_BOUNDARY = [
  "boundary",
  "attempt",
  "maxAttempts",
  "timeoutMs",
  "elapsedMs",
  "httpStatus",
];

/**
 * The fields of a line that tell of a call across a boundary, as `key=value`.
 * @param {LogLine} line
 * @returns {string[]}
 */
export function details(line) {
  return [...AT_A_BOUNDARY, "errorKind"]
    .filter((name) => line.attributes[name] !== undefined && line.attributes[name] !== null)
    .map((name) => `${name}=${line.attributes[name]}`);
}
