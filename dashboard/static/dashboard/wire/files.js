import { fetchJson, readJson, send } from "./api.js";

// A file may hold all that the observer stores.
const TIMEOUT_MS = 300_000;

/**
 * Fetches a file from the observer and has the browser save it, under the name that it comes with.
 * @param {string} path
 * @returns {Promise<void>}
 * @throws {ApiError}
 */
export function download(path) {
  return send(path, { timeoutMs: TIMEOUT_MS }, async (response) => {
    if (!response.ok) await readJson(response);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
    save(await response.blob(), name?.[1] ?? "traces.json");
  });
}

/**
 * Has the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 * @returns {void}
 */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * Has the observer import a file of OTLP or Jaeger JSON.
 * @param {File} file
 * @returns {Promise<{spans: number, logs: number, refused: number, problems: string[]}>} how many
 *   records were imported and how many not, and why not
 * @throws {ApiError}
 */
export function importFile(file) {
  return fetchJson("/api/import", { method: "POST", body: file, timeoutMs: TIMEOUT_MS });
}
