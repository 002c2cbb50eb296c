import { now } from "../base/time.js";
import { waitMs } from "../model/asking.js";
import { exportRequest, newId } from "./otlp.js";

const TIMEOUT_MS = 10000;
const ATTEMPT_TIMEOUT_MS = 3000;
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
 *
 * @typedef {Pick<Placed, "httpStatus" | "orderId" | "status" | "error"> & {errorType: string}} Learned
 */

/** Places orders as a client of its own: by its own span, under its own requestId. */
export class Client {
  /** Whether an order has an `Idempotency-Key`, with which it is asked for again. */
  withKey = false;
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
    const key = this.withKey ? crypto.randomUUID() : "";
    const timeoutMs = key ? ATTEMPT_TIMEOUT_MS : TIMEOUT_MS;
    /** @type {import("./otlp.js").ClientSpan} */
    const click = {
      traceId: newId(16),
      spanId: newId(8),
      name: "order.click",
      kind: "INTERNAL",
      start: now(),
      attributes: {
        "request.id": requestId,
        "lab.boundary": "client->api",
        "lab.timeout_ms": timeoutMs,
      },
    };
    const telling = setTimeout(() => this.#tell("/v1/started", [click]), STARTED_AFTER_MS);
    /** @type {import("./otlp.js").ClientSpan[]} */
    const calls = [];
    /** @type {Learned} */
    let learned;
    for (let attempt = 1;; attempt++) {
      const call = this.#span(click, requestId, attempt);
      calls.push(call);
      learned = await this.#call(order, call, { requestId, key, timeoutMs });
      call.end = now();
      tell(call, learned);
      const spentMs = Number(call.end - click.start) / 1e6;
      const wait = key ? waitMs(attempt, learned, { spentMs, chance: Math.random() }) : null;
      if (wait === null) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    clearTimeout(telling);
    click.end = now();
    click.attributes["lab.attempt"] = calls.length;
    tell(click, learned);
    await this.#tell("/v1/traces", [click, ...calls]);
    const durationMs = Number(click.end - click.start) / 1e6;
    return { traceId: click.traceId, requestId, ...learned, durationMs };
  }

  /**
   * @param {import("./otlp.js").ClientSpan} click
   * @param {string} requestId
   * @param {number} attempt
   * @returns {import("./otlp.js").ClientSpan}
   */
  #span(click, requestId, attempt) {
    return {
      traceId: click.traceId,
      spanId: newId(8),
      parentSpanId: click.spanId,
      name: "POST",
      kind: "CLIENT",
      start: attempt === 1 ? click.start : now(),
      attributes: {
        "request.id": requestId,
        "http.request.method": "POST",
        "url.full": this.#url.href,
        "server.address": this.#url.hostname,
        "server.port": Number(this.#url.port),
        ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
      },
    };
  }

  /**
   * @param {{sku: string, quantity: number}} order
   * @param {import("./otlp.js").ClientSpan} call
   * @param {{requestId: string, key: string, timeoutMs: number}} how
   * @returns {Promise<Learned>}
   */
  async #call(order, call, { requestId, key, timeoutMs }) {
    const telling = setTimeout(() => this.#tell("/v1/started", [call]), STARTED_AFTER_MS);
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Request-Id": requestId,
          traceparent: `00-${call.traceId}-${call.spanId}-01`,
          // A string of a structured field stands in quotes.
          ...(key && { "Idempotency-Key": `"${key}"` }),
        },
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(timeoutMs),
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
        error: late ? `no answer within ${timeoutMs} ms` : "the browser got no answer",
        errorType: late ? "read_timeout" : "_OTHER",
      };
    } finally {
      clearTimeout(telling);
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

/**
 * Puts on a span what was learned.
 * @param {import("./otlp.js").ClientSpan} span
 * @param {Learned} learned
 * @returns {void}
 */
function tell(span, learned) {
  if (learned.orderId) span.attributes["order.id"] = learned.orderId;
  if (learned.httpStatus !== null) {
    span.attributes["http.response.status_code"] = learned.httpStatus;
  }
  if (learned.error) span.error = learned.error;
  if (learned.errorType) span.attributes["error.type"] = learned.errorType;
}
