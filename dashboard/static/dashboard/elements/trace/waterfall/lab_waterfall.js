import { build } from "../../../base/dom.js";
import { messageOf } from "../../../base/errors.js";
import { gettext } from "../../../base/i18n.js";
import { once } from "../../../base/scheduling.js";
import { measureIn } from "../../../base/text_width.js";
import { Axis } from "../../../model/trace/axis.js";
import { callees, unheard, withUnheard } from "../../../model/trace/calls.js";
import { axisOf, computeLayout } from "../../../model/trace/layout.js";
import { leftOf } from "../../../model/trace/find/find.js";
import { ancestorsOf, indexOfKey, keyOf, visible } from "../../../model/trace/rows.js";
import { FindBar } from "../find/find_bar.js";
import { Matches } from "../find/matches.js";
import { anomalyNotes } from "./anomalies.js";
import { FaultRows } from "./fault_rows.js";
import { LabMinimap } from "./lab_minimap.js";
import { NARROW, RowList } from "./row_list.js";
import { buildHead, WaterfallRow } from "./row.js";
import { TimeHandle } from "../replay/time_handle.js";
import { TimeCursor } from "./time_cursor.js";
import { silenceBands, TimeHead } from "./time_head.js";
import { Toolbar } from "./toolbar.js";
import { treeKey } from "./tree_keys.js";

/**
 * @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/messages/message.js").Known} Known
 */

const LEAST_FOR_MINIMAP = 50;

/** A trace's spans along the axis of time. */
export class LabWaterfall extends HTMLElement {
  /** Loads what shows the details of a span, before somebody opens one or when somebody does. */
  loadDetails = once(() => import("../span/span_details.js"));
  /** @type {ViewState | null} */
  #view = null;
  #layout = computeLayout([], []);
  #axis = new Axis(0, 1);
  /** @type {number[]} indexes in the layout of the rows that are not folded away */
  #visible = [];
  #activeKey = "";
  #openedKey = "";
  #openedCut = false;
  #traceId = "";
  /** @type {Known} */
  #known = { messages: [], windows: [], lanes: [], isOrder: true, whole: true };
  #callee = callees([], []);
  /** @type {import("./bar.js").Lane} */
  #lane = { width: 0, measure: (text) => text.length };
  /** What is put into a menu, and beside the views. */
  toolbar = new Toolbar();
  /** @type {FindBar | null} put above the views */
  find = null;
  #matches = new Matches();
  #minimap = new LabMinimap();
  #time = new TimeHead();
  #head = buildHead(this.#time.element);
  #cursor = new TimeCursor();
  #handle = new TimeHandle(this.#time.element, (at) => this.#view?.set({ at }));
  #over = [this.#cursor.under, this.#cursor.over];
  #rows = new RowList(this.#head, this.#over, {
    make: () => new WaterfallRow(),
    show: (/** @type {WaterfallRow} */ row, index) => this.#showRow(row, index),
    keyAt: (index) => this.#keyAt(this.#visible[index]),
  });
  #labels = { role: "treegrid", "aria-label": gettext("Spans"), class: "grid" };
  #grid = build("div", this.#labels, this.#rows.element);
  #faults = new FaultRows();
  #notes = build("ul", { class: "quiet notes" });
  #resized = new ResizeObserver(() => {
    if (this.#time.element.clientWidth !== this.#lane.width) this.#draw();
    else this.#rows.draw();
  });

  /**
   * @param {ViewState} view what it shares with the other views
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
    this.find = new FindBar(view, (step) => this.#findNext(step));
    this.#minimap.bind(view);
    view.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      // Of another moment, what was so then is shown to it.
      if (names.every((name) => name === "cursor" || name === "at")) this.#showCursor();
      else this.#draw();
      if (names.includes("selected")) this.#reveal(view.state.selected);
    });
  }

  /** @returns {void} */
  connectedCallback() {
    if (!this.#grid.isConnected) {
      this.replaceChildren(this.#minimap, this.#grid, this.#faults.element, this.#notes);
      this.#time.element.after(this.#handle.grip);
      this.#cursor.cover(this.#handle.parts);
      this.#grid.onclick = ({ target }) => this.#click(/** @type {Element} */ (target));
      this.#grid.addEventListener("keydown", (event) => this.#key(event));
      this.#grid.addEventListener("pointermove", (event) => {
        const cursor = this.#cursor.momentAt(event, this.#axis);
        if (cursor !== null) this.#view?.set({ cursor });
      });
      NARROW.addEventListener("change", () => this.#draw());
    }
    this.#resized.observe(this.#rows.element);
    this.#draw();
  }

  /** @returns {void} */
  disconnectedCallback() {
    this.#resized.disconnect();
  }

  /**
   * @param {string} traceId
   * @param {Layout} layout
   * @param {Known} known
   * @param {bigint | null} base
   * @returns {void}
   */
  show(traceId, layout, known, base) {
    this.#traceId = traceId;
    this.#layout = layout;
    this.#known = known;
    const select = (/** @type {string} */ key) => this.#view?.selectAnew(key);
    this.#notes.replaceChildren(...anomalyNotes(layout, base, known, select));
    this.#notes.hidden = !this.#notes.childElementCount;
    const opened = this.#openedKey;
    this.#draw();
    if (this.#openedKey !== opened) this.#reveal(this.#openedKey);
  }

  /** @param {1 | -1} step @returns {string} which of how many matches it has gone to */
  #findNext(step) {
    const next = this.#matches.next(this.#visible[this.#rows.active] ?? -1, step);
    if (next === undefined) return gettext("nothing found");
    this.#reveal(this.#keyAt(next));
    const { places } = this.#matches;
    return `${places.indexOf(next) + 1} / ${places.length}`;
  }

  /** @returns {void} */
  #draw() {
    if (!this.#view || !this.isConnected) return;
    const { state } = this.#view, { listed } = this.#layout;
    this.#axis = axisOf(this.#layout, state);
    this.#callee = callees(listed, this.#known.messages);
    // One side alone has no record of what another has heard.
    const silent = unheard(listed, this.#known.whole ? this.#known.messages : []);
    this.#matches.search(this.#layout, state.found);
    this.find?.show(this.#traceId, listed.length, this.#matches.places.length);
    const left = leftOf(this.#layout, this.#matches.places, state);
    this.#visible = left ?? withUnheard(visible(listed, state.folded), silent);
    const active = Math.max(0, this.#indexOf(this.#activeKey));
    this.#activeKey = this.#keyAt(this.#visible[active]);
    this.#grid.setAttribute("aria-rowcount", String(this.#visible.length + 1));
    this.toolbar.show(this.#layout, this.#view);
    this.#drawHead();
    this.#minimap.hidden = this.#layout.listed.length < LEAST_FOR_MINIMAP;
    if (!this.#minimap.hidden) this.#minimap.show(this.#layout);
    const isCut = Boolean(listed[this.#layout.tree.rowOf(state.selected)]?.span.cut);
    if (state.selected !== this.#openedKey || isCut !== this.#openedCut) {
      this.#openedCut = isCut;
      this.#open(state.selected);
    }
    const opened = this.#indexOf(this.#openedKey);
    this.#rows.show({ count: this.#visible.length, active, opened }, (key) => this.#indexOf(key));
    this.#showCursor();
  }

  /**
   * @param {WaterfallRow} row
   * @param {number} index
   * @returns {void}
   */
  #showRow(row, index) {
    const at = this.#visible[index] ?? 0;
    const call = this.#layout.listed[~at];
    if (call) return row.showUnheard(call, this.#callee(~at));
    const key = this.#keyAt(at);
    row.show(this.#layout, at, this.#axis, {
      folded: this.#view?.state.folded.has(key) ?? false,
      selected: key === this.#openedKey,
      found: this.#matches.has(at),
      callee: this.#callee(at),
      lane: this.#lane,
    });
  }

  /** @param {Element} target @returns {void} */
  #click(target) {
    const key = target.closest("[data-span]")?.getAttribute("data-span");
    if (!key || !this.#view) return;
    this.#activate(this.#indexOf(key));
    this.#view[target.closest("[data-fold]") ? "fold" : "toggle"](key);
  }

  /** @returns {void} */
  #drawHead() {
    const { element } = this.#time;
    this.#lane = { width: element.clientWidth, measure: measureIn(element, "600") };
    const until = this.#view?.state.at ?? Infinity;
    this.#time.draw(this.#axis, this.#layout.first, this.#known.windows, until);
    this.#cursor.draw(silenceBands(this.#axis, until));
    this.#faults.show(this.#axis, this.#known.windows);
  }

  /**
   * Opens the details of a span, whose attributes are fetched now.
   * @param {string} key of a span; empty to close
   * @returns {void}
   */
  #open(key) {
    const at = this.#layout.tree.rowOf(key);
    this.#rows.close();
    // One that is selected before it has come is opened once it is there.
    this.#openedKey = at < 0 ? "" : key;
    if (at < 0) return;
    const zoom = (/** @type {{from: number, to: number}} */ zoom) => this.#view?.set({ zoom });
    const ready = (/** @type {HTMLElement} */ content) => {
      if (this.#openedKey === key) this.#rows.open(this.#indexOf(key), content);
    };
    const [traceId, layout] = [this.#traceId, this.#layout];
    this.loadDetails().then(({ showDetails }) => showDetails(traceId, layout, at, zoom, ready))
      .catch((error) => ready(build("p", { class: "problem" }, messageOf(error))));
  }

  /**
   * Brings a span into sight, with those above it unfolded.
   * @param {string} key
   * @returns {void}
   */
  #reveal(key) {
    const { listed } = this.#layout;
    const at = this.#layout.tree.rowOf(key);
    if (at < 0 || !this.#view) return;
    const { folded } = this.#view.state;
    const above = new Set(ancestorsOf(listed, at).map((each) => this.#keyAt(each)));
    const left = [...folded].filter((each) => !above.has(each));
    if (left.length < folded.size) this.#view.set({ folded: new Set(left) });
    // Whoever reads elsewhere, in the log say, keeps the focus.
    const focused = document.activeElement ?? document.body;
    const within = focused === document.body || this.closest("lab-trace")?.contains(focused);
    this.#activate(this.#indexOf(key), within);
  }

  /**
   * @param {number} index
   * @param {boolean} [focuses]
   * @returns {void}
   */
  #activate(index, focuses = true) {
    if (!this.isConnected || index < 0 || index >= this.#visible.length) return;
    this.#activeKey = this.#keyAt(this.#visible[index]);
    this.#rows.activate(index, focuses);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // What is open has keys of its own: buttons, and texts that scroll.
    if (/** @type {Element} */ (event.target).closest(".details")) return;
    const { active, page } = this.#rows;
    const handled = this.#view && treeKey(event.key, {
      active,
      page,
      visible: this.#visible,
      listed: this.#layout.listed,
      view: this.#view,
      activate: (index) => this.#activate(index),
    });
    if (handled) event.preventDefault();
  }

  /** @returns {void} */
  #showCursor() {
    const cursor = this.#view?.state.cursor ?? null;
    this.#cursor.show(this.#axis, cursor);
    this.#handle.show(this.#axis, this.#view?.state.at ?? null);
    this.#time.point(this.#axis, cursor, this.#layout.first);
  }

  /** @param {number | undefined} at @returns {string} */
  #keyAt(at) {
    return keyOf(this.#layout.tree, at);
  }

  /** @param {string} key @returns {number} among the visible rows; -1 when it is none of them */
  #indexOf(key) {
    return indexOfKey(this.#layout.tree, this.#visible, key);
  }
}

customElements.define("lab-waterfall", LabWaterfall);
