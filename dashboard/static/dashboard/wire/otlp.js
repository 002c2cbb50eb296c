const KIND = { INTERNAL: 1, CLIENT: 3 };
const STATUS_ERROR = 2;

/**
 * @typedef {object} ClientSpan
 * @property {string} traceId
 * @property {string} spanId
 * @property {string} [parentSpanId]
 * @property {string} name
 * @property {"INTERNAL" | "CLIENT"} kind
 * @property {bigint} start nanoseconds since the epoch
 * @property {bigint} [end] left out while it is open
 * @property {Record<string, string | number>} attributes
 * @property {string} [error] why it failed
 */

/**
 * Makes a random id.
 * @param {number} bytes
 * @returns {string} lower-case hexadecimal
 */
export function newId(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Puts spans into an export request of OTLP/HTTP in JSON.
 * @param {ClientSpan[]} spans
 * @param {string} instance which page this is
 * @returns {unknown}
 */
export function exportRequest(spans, instance) {
  const resource = {
    attributes: attributes({ "service.name": "client", "service.instance.id": instance }),
  };
  return {
    resourceSpans: [{
      resource,
      scopeSpans: [{ scope: { name: "dashboard" }, spans: spans.map(span) }],
    }],
  };
}

/**
 * @param {ClientSpan} told
 * @returns {unknown}
 */
function span(told) {
  return {
    traceId: told.traceId,
    spanId: told.spanId,
    ...(told.parentSpanId && { parentSpanId: told.parentSpanId }),
    name: told.name,
    kind: KIND[told.kind],
    startTimeUnixNano: String(told.start),
    ...(told.end !== undefined && { endTimeUnixNano: String(told.end) }),
    attributes: attributes(told.attributes),
    status: told.error ? { code: STATUS_ERROR, message: told.error } : {},
  };
}

/**
 * @param {Record<string, string | number>} values
 * @returns {unknown[]}
 */
function attributes(values) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}
