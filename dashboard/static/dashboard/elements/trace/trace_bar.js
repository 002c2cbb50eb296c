import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { popover } from "../../base/popover.js";
import { SERVICES, serviceTitle } from "../shared/service_title.js";

/**
 * @typedef {import("./trace_url.js").View} View
 * @typedef {import("./trace_url.js").Side} Side
 */

/** Of more services, one is chosen from a list. */
const MOST_BUTTONS = 6;

/** The choice of a view, as tabs, and of whose records are shown; the rest is in a menu. */
export class TraceBar {
  #tabs = build("div", { role: "tablist", class: "tabs", "aria-label": gettext("Views") });
  #sides = build("div", {
    role: "group",
    class: "switcher sides",
    "aria-label": gettext("Whose records"),
  });
  element = build("div", { class: "bar" });
  #menu = build("div");
  titles = {
    waterfall: gettext("Timeline"),
    messages: gettext("Messages"),
    truths: gettext("Two truths"),
    logs: gettext("Logs"),
    checklist: gettext("Evidence"),
    flame: gettext("Flame graph"),
    spans: gettext("Spans"),
    statistics: gettext("Statistics"),
  };
  /** @type {Record<string, string>} */
  #sideTitles = sideTitles(SERVICES, only);
  /** Until a trace is known, the system's. */
  #offered = ["all", ...SERVICES];
  #shownSides = "";
  #views;
  #onView;
  #onSide;

  /**
   * @param {readonly View[]} views that are offered
   * @param {(view: View) => void} onView
   * @param {(side: Side) => void} onSide
   */
  constructor(views, onView, onSide) {
    this.#views = views;
    this.#onView = onView;
    this.#onSide = onSide;
  }

  /**
   * Offers the sides that a trace has.
   * @param {import("../../wire/evidence.js").Evidence} evidence
   * @returns {void}
   */
  offer({ of, perspectives }) {
    const isOrder = of === "order";
    this.#offered = perspectives;
    this.#sideTitles = sideTitles(perspectives, isOrder ? only : (each) => each);
    this.titles.truths = isOrder ? gettext("Two truths") : gettext("Caller and callee");
  }

  /**
   * Puts beside the tabs what concerns the view, and into the menu what is needed now and then.
   * @param {HTMLElement[]} beside
   * @param {HTMLElement[]} inMenu
   * @returns {void}
   */
  fill(beside, inMenu) {
    const label = gettext("Find, fold, clocks, export");
    const opener = button("", () => {}, { class: "bare", "aria-label": label, title: label });
    opener.append(icon("more"));
    this.#menu = popover(opener, label, ...inMenu);
    this.#menu.classList.add("trace-menu");
    this.#menu.addEventListener("click", (event) => {
      const closes = /** @type {Element} */ (event.target).closest("[data-closes]");
      if (closes) this.#menu.hidePopover();
    });
    this.element.replaceChildren(this.#tabs, ...beside, this.#sides, opener, this.#menu);
  }

  /**
   * @param {{view: View, side: Side}} chosen
   * @returns {void}
   */
  show({ view, side }) {
    if (!this.#tabs.hasChildNodes()) {
      this.#tabs.append(...this.#views.map((each) => this.#tab(each)));
    }
    const offered = this.#offered.map((each) => this.#sideTitles[each] ?? each);
    if (offered.join() !== this.#shownSides) {
      this.#shownSides = offered.join();
      const [all = "all", ...services] = this.#offered;
      const choice = (/** @type {Side} */ each) =>
        button(this.#sideTitles[each] ?? each, () => this.#onSide(each), { "data-side": each });
      this.#sides.replaceChildren(
        choice(all),
        ...(services.length > MOST_BUTTONS ? [this.#selector(services)] : services.map(choice)),
      );
    }
    for (const tab of this.#tabs.children) {
      const of = /** @type {View} */ (tab.getAttribute("data-view"));
      const selected = of === view;
      if (tab.textContent !== this.titles[of]) tab.textContent = this.titles[of];
      tab.setAttribute("aria-selected", String(selected));
      tab.setAttribute("tabindex", selected ? "0" : "-1");
    }
    for (const each of this.#sides.children) {
      if (each instanceof HTMLSelectElement) each.value = side === "all" ? "" : side;
      else each.setAttribute("aria-pressed", String(each.getAttribute("data-side") === side));
    }
  }

  /**
   * @param {Side[]} services more than there is room for
   * @returns {HTMLSelectElement}
   */
  #selector(services) {
    const label = gettext("One service alone");
    const selector = /** @type {HTMLSelectElement} */ (build(
      "select",
      { "aria-label": label },
      build("option", { value: "" }, label),
      ...services.map((each) => build("option", { value: each }, each)),
    ));
    selector.addEventListener("change", () => this.#onSide(selector.value || "all"));
    return selector;
  }

  /**
   * @param {View} view
   * @returns {HTMLElement}
   */
  #tab(view) {
    const tab = button(this.titles[view], () => this.#onView(view), {
      role: "tab",
      "data-view": view,
      "aria-controls": "trace-panel",
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = this.#views.at((this.#views.indexOf(view) + step) % this.#views.length);
      if (next) this.#onView(next);
      /** @type {HTMLElement | null} */ (this.#tabs.querySelector("[aria-selected=true]"))?.focus();
    });
    return tab;
  }
}

/**
 * @param {string[]} sides
 * @param {(side: Side) => string} titleOf
 * @returns {Record<string, string>}
 */
function sideTitles(sides, titleOf) {
  return {
    ...Object.fromEntries(sides.map((each) => [each, titleOf(each)])),
    all: gettext("All"),
  };
}

/** @param {Side} service @returns {string} */
function only(service) {
  return interpolate(gettext("%(name)s only"), { name: serviceTitle(service) });
}

/**
 * Says what a side cannot know of, and shows it when asked to.
 * @param {{spans: number, logs: number}} hidden
 * @param {() => void} showAll
 * @returns {HTMLElement[]}
 */
export function hiddenRecords(hidden, showAll) {
  const text = gettext(
    "%(spans)s spans and %(logs)s log lines are hidden: this side cannot know of them.",
  );
  return [
    build("span", { class: "quiet", role: "status" }, interpolate(text, hidden)),
    button(gettext("Show all records"), showAll, { class: "primary" }),
  ];
}

/**
 * @param {number} loaded
 * @param {number} total
 * @returns {string} empty once all is there
 */
export function progressOf(loaded, total) {
  if (loaded >= total) return "";
  return interpolate(gettext("%(loaded)s of %(total)s spans …"), { loaded, total });
}
