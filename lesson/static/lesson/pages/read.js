import { gettext } from "/static/dashboard/base/i18n.js";

const KEY = "lesson-read";

/**
 * Marks the chapters that were read, in every list of them.
 * @returns {void}
 */
export function showRead() {
  const read = new Set(stored());
  for (const each of document.querySelectorAll("[data-chapter]")) {
    const known = read.has(/** @type {HTMLElement} */ (each).dataset.chapter ?? "");
    each.classList.toggle("read", known);
    const mark = each.querySelector(".done");
    if (mark) mark.textContent = known ? gettext("read") : "";
  }
}

/**
 * Remembers that a chapter was read.
 * @param {string} name
 * @returns {void}
 */
export function markRead(name) {
  localStorage.setItem(KEY, JSON.stringify([...new Set([...stored(), name])]));
  showRead();
}

/** @returns {string[]} */
function stored() {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}
