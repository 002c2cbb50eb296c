import { build, button } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { withinServices } from "../../../model/trace/rows.js";

/** From this many spans on, a trace can be searched and folded. */
const LEAST_SPANS = 8;

/**
 * What changes the waterfall: folding and the finder; and beside the views, whether it is zoomed.
 */
export class Toolbar {
  element = build("div", { class: "row quiet tools" });
  status = build("div", { class: "row quiet waterfall-status" });
  #finder = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    placeholder: gettext("Find a span"),
    "aria-label": gettext("Find a span"),
  }));
  #result = build("output", { class: "quiet" });

  /** @param {(text: string, step: 1 | -1) => string} find goes to a span and returns which it is */
  constructor(find) {
    this.#finder.addEventListener("keydown", (event) => {
      const text = this.#finder.value.trim();
      if (event.key !== "Enter" || !text) return;
      this.#result.textContent = find(text, event.shiftKey ? -1 : 1);
      this.#finder.focus();
    });
  }

  /**
   * Goes to the field that finds spans.
   * @returns {void}
   */
  focusFinder() {
    this.#finder.focus();
  }

  /**
   * @param {import("../../../model/trace/layout.js").Layout} layout
   * @param {import("../../../model/trace/view_state.js").ViewState} view
   * @returns {void}
   */
  show(layout, view) {
    const large = layout.listed.length >= LEAST_SPANS;
    const { zoom } = view.state;
    // A field that is being typed into stays.
    this.#result.remove();
    for (const child of [...this.element.children]) if (child !== this.#finder) child.remove();
    if (large) {
      if (!this.#finder.isConnected) this.element.append(this.#finder);
      this.#finder.after(this.#result);
    }
    this.status.replaceChildren(
      ...(zoom ? [button(gettext("Whole trace"), () => view.set({ zoom: null }))] : []),
    );
    this.element.append(
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
  const ms = silences.reduce((sum, each) => sum + each.to - each.from, 0) / 1e6;
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
