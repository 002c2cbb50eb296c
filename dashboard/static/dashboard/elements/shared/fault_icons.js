/** @typedef {import("../../base/icons.js").IconName} IconName */

/** @type {Record<string, IconName>} */
const ICONS = {
  cut: "cut",
  slow: "clock",
  lossy: "loss",
  request_lost: "loss",
  response_lost: "loss",
  flap: "wave",
  schedule: "wave",
  crash: "crash",
  pause: "pause",
  duplicate: "repeat",
  http_status: "answer",
  http_5xx: "answer",
};

/**
 * @param {string} kind
 * @returns {IconName}
 */
export function iconOf(kind) {
  return ICONS[kind] ?? "wave";
}
