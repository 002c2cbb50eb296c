import { gettext } from "../base/i18n.js";
import { ApiError } from "./api.js";

/**
 * Asks the observer for a file and hands it to the browser to keep, under the name that it has.
 * @param {string} path
 * @returns {Promise<void>}
 * @throws {ApiError} there is no such file; its message says why
 */
export async function download(path) {
  let answer;
  try {
    answer = await fetch(path);
  } catch {
    throw new ApiError(gettext("The observer does not answer."), 0);
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => null);
    throw new ApiError(told?.error ?? `HTTP ${answer.status}`, answer.status, told?.field);
  }
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named?.[1] ?? "traces.json";
  link.click();
  URL.revokeObjectURL(link.href);
}
