import { now } from "../base/time.js";
import { waitMs } from "../model/retry.js";
import { ApiError, send } from "./api.js";
import { exportRequest, newId } from "./otlp.js";

const TIMEOUT_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 3_000;
const EXPORT_TIMEOUT_MS = 10_000;
const STARTED_AFTER_MS = 150;

/**
 * @typedef {import("./otlp.js").ClientSpan} ClientSpan
 *
 * @typedef {object} Outcome What the client knows of an order after an attempt.
 * @property {number | null} httpStatus null when there was no response
 * @property {string | null} orderId
 * @property {string | null} status
 * @property {string} error empty when the order was acknowledged
 * @property {string} errorType
 *
 * @typedef {Outcome & {traceId: string, requestId: string, durationMs: number}} Placed
 *   What it knows after the last one.
 */

/** Places orders as a client of its own: by its own span, under its own requestId. */
export class Client {
  /** Whether an order has an `Idempotency-Key`, with which it is retried. */
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
    /** @type {ClientSpan} */
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
    const started = this.#exportStarted(click);
    /** @type {ClientSpan[]} */
    const calls = [];
    /** @type {Outcome} */
    let outcome;
    for (let attempt = 1;; attempt++) {
      const call = this.#callSpan(click, requestId, attempt);
      calls.push(call);
      outcome = await this.#call(order, call, { requestId, key, timeoutMs });
      call.end = now();
      record(call, outcome);
      const spentMs = Number(call.end - click.start) / 1e6;
      const wait = key ? waitMs(attempt, outcome, { spentMs, chance: Math.random() }) : null;
      if (wait === null) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    clearTimeout(started);
    click.end = now();
    click.attributes["lab.attempt"] = calls.length;
    record(click, outcome);
    await this.#export("/v1/traces", [click, ...calls]);
    const durationMs = Number(click.end - click.start) / 1e6;
    return { traceId: click.traceId, requestId, ...outcome, durationMs };
  }

  /**
   * @param {ClientSpan} click
   * @param {string} requestId
   * @param {number} attempt
   * @returns {ClientSpan}
   */
  #callSpan(click, requestId, attempt) {
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
   * @param {ClientSpan} call
   * @param {{requestId: string, key: string, timeoutMs: number}} options
   * @returns {Promise<Outcome>}
   */
  async #call(order, call, { requestId, key, timeoutMs }) {
    const started = this.#exportStarted(call);
    const request = {
      timeoutMs,
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Request-Id": requestId,
        traceparent: `00-${call.traceId}-${call.spanId}-01`,
        // A string of a structured field stands in quotes.
        ...(key && { "Idempotency-Key": `"${key}"` }),
      },
      body: JSON.stringify(order),
    };
    try {
      return await send(this.#url, request, outcomeOf);
    } catch (error) {
      const timedOut = error instanceof ApiError && error.timedOut;
      return {
        httpStatus: null,
        orderId: null,
        status: null,
        // A browser lets its page know no more than that there was no response.
        error: timedOut ? `no answer within ${timeoutMs} ms` : "the browser got no answer",
        errorType: timedOut ? "read_timeout" : "_OTHER",
      };
    } finally {
      clearTimeout(started);
    }
  }

  /**
   * Exports a span as started, should it still be open in a moment.
   * @param {ClientSpan} span
   * @returns {ReturnType<typeof setTimeout>}
   */
  #exportStarted(span) {
    return setTimeout(() => this.#export("/v1/started", [span]), STARTED_AFTER_MS);
  }

  /**
   * @param {string} path
   * @param {ClientSpan[]} spans
   * @returns {Promise<void>}
   */
  async #export(path, spans) {
    const request = {
      timeoutMs: EXPORT_TIMEOUT_MS,
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(exportRequest(spans, this.#instance)),
      keepalive: true,
    };
    // Telemetry that can't be exported must never fail an order.
    await send(path, request, () => Promise.resolve()).catch(() => {});
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(response) {
  const { ok, status } = response;
  const body = await response.json();
  return {
    httpStatus: status,
    orderId: body.orderId ?? null,
    status: body.status ?? null,
    error: ok ? "" : body.error ?? `HTTP ${status}`,
    errorType: ok ? "" : status < 500 ? "http_4xx" : "http_5xx",
  };
}

/**
 * Puts on a span what came of its call.
 * @param {ClientSpan} span
 * @param {Outcome} outcome
 * @returns {void}
 */
function record(span, outcome) {
  if (outcome.orderId) span.attributes["order.id"] = outcome.orderId;
  if (outcome.httpStatus !== null) {
    span.attributes["http.response.status_code"] = outcome.httpStatus;
  }
  if (outcome.error) span.error = outcome.error;
  if (outcome.errorType) span.attributes["error.type"] = outcome.errorType;
}
