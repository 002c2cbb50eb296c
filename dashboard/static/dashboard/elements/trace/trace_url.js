/**
 * @typedef {"waterfall" | "messages" | "truths" | "logs" | "checklist"} View
 * @typedef {string} Side "all", or the name of a service
 * @typedef {{view: View, side: Side, span: string}} Shown
 */

/** In the order in which they are offered. */
export const VIEWS = /** @type {View[]} */ ([
  "waterfall",
  "messages",
  "truths",
  "logs",
  "checklist",
]);

/**
 * Reads from the page's URL what is to be shown of a trace.
 * @returns {Shown}
 */
export function readUrl() {
  const query = new URLSearchParams(location.search);
  return {
    view: VIEWS.find((view) => view === query.get("view")) ?? "waterfall",
    side: query.get("perspective") || "all",
    span: query.get("span") ?? "",
  };
}

/**
 * Writes into the page's URL what is shown of a trace.
 * @param {Shown} shown
 * @returns {void}
 */
export function writeUrl({ view, side, span }) {
  const query = new URLSearchParams();
  if (view !== "waterfall") query.set("view", view);
  if (side !== "all") query.set("perspective", side);
  if (span) query.set("span", span);
  const text = String(query);
  history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : ""));
}
