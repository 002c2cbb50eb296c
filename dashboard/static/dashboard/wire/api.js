import { gettext } from "../base/i18n.js";

/** An answer that is no success; `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {string} [field] which part of the request was wrong
   */
  constructor(message, status, field) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.field = field;
  }
}

/**
 * Asks the observer and returns its JSON; null for an answer without a body.
 * @param {string} path
 * @param {{method?: string, body?: unknown}} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, options = {}) {
  const { method = "GET", body } = options;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(gettext("The observer does not answer."), 0);
  }
  const text = await answer.text();
  const read = text && answer.headers.get("Content-Type")?.startsWith("application/json")
    ? JSON.parse(text)
    : null;
  if (!answer.ok) {
    throw new ApiError(read?.error ?? `HTTP ${answer.status}`, answer.status, read?.field);
  }
  return read;
}
