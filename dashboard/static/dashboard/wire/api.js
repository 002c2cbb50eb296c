import { gettext } from "../base/i18n.js";

// Long enough for the evidence of a large trace.
const TIMEOUT_MS = 30_000;
// The observer packs half a million spans when they are first asked for.
const LARGE_TIMEOUT_MS = 120_000;
const LEAVING_MS = 1_000;

/** The browser ends the requests of a page that is being left, which says nothing of the observer. */
let leaving = false;
globalThis.addEventListener?.("beforeunload", () => {
  leaving = true;
  // Unless it turns out to be a download.
  setTimeout(() => leaving = false, LEAVING_MS);
});

/** The error of every call: it had no response (`status` is 0), or one that is no success. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {object} [details]
   * @param {number} [details.status]
   * @param {string} [details.field] which part of the request was wrong
   * @param {boolean} [details.timedOut]
   */
  constructor(message, { status = 0, field, timedOut = false } = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.field = field;
    this.timedOut = timedOut;
  }
}

/**
 * Sends a request and reads its response, both within one timeout.
 * @template T
 * @param {string | URL} url
 * @param {RequestInit & {timeoutMs?: number}} options
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<T>}
 * @throws {ApiError} there was no response, or it broke off
 */
export async function send(url, { timeoutMs = TIMEOUT_MS, ...init }, read) {
  try {
    return await read(await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    if (leaving) return new Promise(() => {});
    const timedOut = error.name === "TimeoutError";
    throw new ApiError(gettext("The observer does not answer."), { timedOut });
  }
}

/**
 * Requests JSON of the observer; null when the response has no body.
 * @param {string} path
 * @param {{method?: string, body?: unknown, timeoutMs?: number}} [options] a body is sent as JSON,
 *   a file as it is
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export function fetchJson(path, { body, ...options } = {}) {
  const asIs = body === undefined || body instanceof Blob;
  return send(path, {
    ...options,
    headers: asIs ? {} : { "Content-Type": "application/json" },
    body: asIs ? body : JSON.stringify(body),
  }, readJson);
}

/**
 * Requests what is no text of the observer.
 * @param {string} path
 * @returns {Promise<ArrayBuffer>}
 * @throws {ApiError}
 */
export function fetchBytes(path) {
  return send(path, { timeoutMs: LARGE_TIMEOUT_MS }, async (response) => {
    if (!response.ok) await readJson(response);
    return response.arrayBuffer();
  });
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {ApiError} it is no success; its own words say why
 */
export async function readJson(response) {
  const text = await response.text();
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const json = text && isJson ? JSON.parse(text) : null;
  if (response.ok) return json;
  const { status } = response;
  throw new ApiError(json?.error ?? `HTTP ${status}`, { status, field: json?.field });
}
