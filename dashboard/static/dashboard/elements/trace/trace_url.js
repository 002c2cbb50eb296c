/**
 * @typedef {"waterfall" | "messages" | "truths" | "logs" | "checklist" | "flame" | "spans" | "statistics"} View
 * @typedef {string} Side "all", or the name of a service
 * @typedef {{view: View, side: Side, span: string, find: string, at: bigint | null}} Shown
 *   `find`: what finds the spans that are shown alone; empty for all
 *   `at`: the moment that is shown, in Unix nanoseconds; null for the end
 */

/** In the order in which they are offered. */
export const VIEWS = /** @type {View[]} */ ([
  "waterfall",
  "messages",
  "truths",
  "logs",
  "checklist",
  "flame",
  "spans",
  "statistics",
]);
/** Those that have the room of a page of their own. */
export const OF_PAGE = /** @type {View[]} */ (["logs", "flame", "spans", "statistics"]);

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
    find: query.get("find") ?? "",
    at: /^\d{1,19}$/.test(query.get("at") ?? "") ? BigInt(query.get("at") ?? "") : null,
  };
}

/**
 * Writes into the page's URL what is shown of a trace.
 * @param {Shown} shown
 * @returns {void}
 */
export function writeUrl({ view, side, span, find, at }) {
  const query = new URLSearchParams();
  if (view !== "waterfall") query.set("view", view);
  if (side !== "all") query.set("perspective", side);
  if (span) query.set("span", span);
  if (find) query.set("find", find);
  if (at !== null) query.set("at", String(at));
  const text = String(query);
  history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : ""));
}

/**
 * Writes into the page's URL the moment that is shown alone; what else stands in it is its owner's.
 * @param {bigint | null} at
 * @returns {void}
 */
export function writeMoment(at) {
  const url = new URL(location.href);
  if (at === null) url.searchParams.delete("at");
  else url.searchParams.set("at", String(at));
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}
