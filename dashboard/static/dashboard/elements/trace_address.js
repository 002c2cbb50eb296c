/**
 * @typedef {"waterfall" | "messages" | "truths" | "logs" | "checklist"} View
 * @typedef {"all" | "api" | "worker"} Side
 * @typedef {{view: View, side: Side, span: string}} Shown
 */

const VIEWS = /** @type {View[]} */ (["waterfall", "messages", "truths", "logs", "checklist"]);
const SIDES = /** @type {Side[]} */ (["all", "api", "worker"]);

/** What is shown of a trace, in the query of the page's address. */
export class TraceAddress {
  /** @returns {Shown} */
  read() {
    const query = new URLSearchParams(location.search);
    return {
      view: VIEWS.find((view) => view === query.get("view")) ?? "waterfall",
      side: SIDES.find((side) => side === query.get("perspective")) ?? "all",
      span: query.get("span") ?? "",
    };
  }

  /**
   * @param {Shown} shown
   * @returns {void}
   */
  write({ view, side, span }) {
    const query = new URLSearchParams();
    if (view !== "waterfall") query.set("view", view);
    if (side !== "all") query.set("perspective", side);
    if (span) query.set("span", span);
    const text = String(query);
    history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : ""));
  }
}
