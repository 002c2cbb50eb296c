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
      scopeSpans: [{ scope: { name: "dashboard" }, spans: spans.map(toOtlp) }],
    }],
  };
}

/**
 * @param {ClientSpan} span
 * @returns {unknown}
 */
function toOtlp(span) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND[span.kind],
    startTimeUnixNano: String(span.start),
    ...(span.end !== undefined && { endTimeUnixNano: String(span.end) }),
    attributes: attributes(span.attributes),
    status: span.error ? { code: STATUS_ERROR, message: span.error } : {},
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
