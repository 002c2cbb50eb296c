import { build, button } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { withinServices } from "../../../model/trace/rows.js";

/** From this many spans on, a trace can be folded. */
const LEAST_SPANS = 8;

/**
 * What changes the waterfall: folding; and beside the views, whether it is zoomed.
 */
export class Toolbar {
  element = build("div", { class: "row quiet tools" });
  status = build("div", { class: "row quiet waterfall-status" });
  /**
   * @param {import("../../../model/trace/layout.js").Layout} layout
   * @param {import("../../../model/trace/view_state.js").ViewState} view
   * @returns {void}
   */
  show(layout, view) {
    const large = layout.listed.length >= LEAST_SPANS;
    const { zoom } = view.state;
    this.status.replaceChildren(
      ...(zoom ? [button(gettext("Whole trace"), () => view.set({ zoom: null }))] : []),
    );
    this.element.replaceChildren(
      ...silenceTools(layout, view),
      ...(large ? [foldButton(layout, view)] : []),
      build(
        "span",
        { class: "legend" },
        build("i", { class: "critical", "aria-hidden": "true" }),
        gettext("critical path: what the first span waited for"),
      ),
    );
  }
}

/**
 * @param {import("../../../model/trace/layout.js").Layout} layout
 * @param {import("../../../model/trace/view_state.js").ViewState} view
 * @returns {HTMLElement[]}
 */
function silenceTools({ silences }, view) {
  if (!silences.length) return [];
  if (view.state.unfolded) {
    return [button(gettext("Fold the silence"), () => view.set({ unfolded: false }))];
  }
  const until = view.state.at ?? Infinity;
  const ms = silences.reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, until) - from),
    0,
  ) / 1e6;
  if (!ms) return [];
  const text = gettext("%(time)s in which nothing happened is folded.");
  return [
    build("span", {}, interpolate(text, { time: duration(ms) })),
    button(gettext("Unfold"), () => view.set({ unfolded: true })),
  ];
}

/**
 * @param {import("../../../model/trace/layout.js").Layout} layout
 * @param {import("../../../model/trace/view_state.js").ViewState} view
 * @returns {HTMLElement}
 */
function foldButton({ listed }, view) {
  return view.state.folded.size
    ? button(gettext("Unfold all spans"), () => view.set({ folded: new Set() }))
    : button(gettext("Fold to services"), () => view.set({ folded: withinServices(listed) }));
}
