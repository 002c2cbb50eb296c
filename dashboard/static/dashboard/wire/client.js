import { now } from "../base/time.js";
import { exportRequest, newId } from "./otlp.js";

const TIMEOUT_MS = 10000;
const STARTED_AFTER_MS = 150;

/**
 * @typedef {object} Placed What the client learned of one order.
 * @property {string} traceId
 * @property {string} requestId
 * @property {number | null} httpStatus null when there was no answer
 * @property {string | null} orderId
 * @property {string | null} status
 * @property {string} error empty when the order was acknowledged
 * @property {number} durationMs
 */

/** Places orders as a client of its own: by its own span, under its own requestId. */
export class Client {
  #url;
  #instance = newId(8);

  /** @param {string} clientUrl where the API is, through its link */
  constructor(clientUrl) {
    const url = new URL("/orders", clientUrl);
    // By the name under which the page itself was reached: a page's origin is tied to it.
    url.hostname = location.hostname;
    this.#url = url;
  }

  /**
   * Places one order. Never throws: what happened is what it returns.
   * @param {{sku: string, quantity: number}} order
   * @returns {Promise<Placed>}
   */
  async place(order) {
    const requestId = crypto.randomUUID();
    const traceId = newId(16);
    const shared = { "request.id": requestId };
    /** @type {import("./otlp.js").ClientSpan} */
    const click = {
      traceId,
      spanId: newId(8),
      name: "order.click",
      kind: "INTERNAL",
      start: now(),
      attributes: { ...shared, "lab.boundary": "client->api", "lab.timeout_ms": TIMEOUT_MS },
    };
    /** @type {import("./otlp.js").ClientSpan} */
    const call = {
      traceId,
      spanId: newId(8),
      parentSpanId: click.spanId,
      name: "POST",
      kind: "CLIENT",
      start: click.start,
      attributes: {
        ...shared,
        "http.request.method": "POST",
        "url.full": this.#url.href,
        "server.address": this.#url.hostname,
        "server.port": Number(this.#url.port),
      },
    };
    const telling = setTimeout(() => this.#tell("/v1/started", [click, call]), STARTED_AFTER_MS);
    const learned = await this.#call(order, call, requestId);
    clearTimeout(telling);
    click.end = call.end = now();
    for (const span of [click, call]) {
      if (learned.orderId) span.attributes["order.id"] = learned.orderId;
      if (learned.httpStatus !== null) {
        span.attributes["http.response.status_code"] = learned.httpStatus;
      }
      if (learned.error) span.error = learned.error;
      if (learned.errorType) span.attributes["error.type"] = learned.errorType;
    }
    await this.#tell("/v1/traces", [click, call]);
    const durationMs = Number(click.end - click.start) / 1e6;
    return { traceId, requestId, ...learned, durationMs };
  }

  /**
   * @param {{sku: string, quantity: number}} order
   * @param {import("./otlp.js").ClientSpan} call
   * @param {string} requestId
   * @returns {Promise<{httpStatus: number | null, orderId: string | null, status: string | null,
   *   error: string, errorType: string}>}
   */
  async #call(order, call, requestId) {
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Request-Id": requestId,
          traceparent: `00-${call.traceId}-${call.spanId}-01`,
        },
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body = await answer.json();
      return {
        httpStatus: answer.status,
        orderId: body.orderId ?? null,
        status: body.status ?? null,
        error: answer.ok ? "" : body.error ?? `HTTP ${answer.status}`,
        errorType: answer.ok ? "" : answer.status < 500 ? "http_4xx" : "http_5xx",
      };
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      return {
        httpStatus: null,
        orderId: null,
        status: null,
        // A browser tells its page no more than that there was no answer.
        error: late ? `no answer within ${TIMEOUT_MS} ms` : "the browser got no answer",
        errorType: late ? "read_timeout" : "_OTHER",
      };
    }
  }

  /**
   * @param {string} path
   * @param {import("./otlp.js").ClientSpan[]} spans
   * @returns {Promise<void>}
   */
  async #tell(path, spans) {
    try {
      await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(exportRequest(spans, this.#instance)),
        keepalive: true,
      });
    } catch {
      // Telemetry that can't be told must never fail an order.
    }
  }
}
