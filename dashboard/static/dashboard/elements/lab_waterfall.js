import { build, button, svg } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { duration } from "../base/time.js";
import { Axis } from "../model/axis.js";
import { axisOf, layout } from "../model/layout.js";
import { matching, visible, withinServices } from "../model/trace.js";
import { LabMinimap } from "./lab_minimap.js";
import { details, notes, placed, rowOf } from "./waterfall_row.js";

/**
 * @typedef {import("../model/focus.js").Focus} Focus
 * @typedef {import("../model/layout.js").Layout} Layout
 */

const ROOM_OF_A_TICK = 110;
const ROOM_OF_LABELS = 440;
const ROOM_OF_TOOK = 90;
const MOST_TICKS = 8;
const HEIGHT = 30;
const NARROW_HEIGHT = 48;
const NARROW = matchMedia("(max-width: 50rem)");
const OVERSCAN = 6;
const REMARKABLE = 8;

/**
 * A trace's spans along the axis of time. Only the rows in sight are in the document, so that a
 * hundred thousand scroll as ten do.
 */
export class LabWaterfall extends HTMLElement {
  /** @type {Focus | null} */
  #focus = null;
  #layout = layout([], []);
  #axis = new Axis(0, 1);
  /** @type {number[]} places in the layout of the rows that are not folded away */
  #shown = [];
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #active = "";
  #activePlace = -1;
  #opened = "";
  #openedPlace = -1;
  #detailsHeight = 0;
  #traceId = "";
  #tools = build("div", { class: "row quiet tools" });
  #finder = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    placeholder: gettext("Find a span"),
    "aria-label": gettext("Find a span"),
  }));
  #found = build("output", { class: "quiet" });
  #minimap = new LabMinimap();
  #head = build("div", { role: "row", class: "row-of head" });
  #sizer = build("div", { role: "presentation", class: "sizer" });
  #scroller = build("div", { role: "rowgroup", class: "scroller" }, this.#sizer);
  #cursor = svg("line", { y1: 0, y2: "100%" });
  #cursorText = build("output", { class: "cursor-time" });
  #overlay = build(
    "div",
    { class: "row-of overlay", "aria-hidden": "true" },
    build("span"),
    build("span", { class: "time" }, svg("svg", {}, this.#cursor), build("span")),
  );
  #grid = build(
    "div",
    { role: "treegrid", "aria-label": gettext("Spans"), class: "grid" },
    this.#head,
    this.#scroller,
  );
  #details = build("div", { class: "details", role: "row" });
  #notes = build("ul", { class: "quiet notes" });
  #resized = new ResizeObserver(() => {
    this.#drawHead();
    this.#drawRows();
  });

  /**
   * @param {Focus} focus what it shares with the other views
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
    this.#minimap.share(focus);
    focus.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.every((name) => name === "cursor")) this.#showCursor();
      else this.#draw();
      if (names.includes("selected")) this.#reveal(focus.state.selected);
    });
  }

  /** @returns {void} */
  connectedCallback() {
    if (!this.#grid.isConnected) {
      this.replaceChildren(
        this.#tools,
        this.#minimap,
        build("div", { class: "frame" }, this.#grid, this.#overlay),
        this.#notes,
      );
      this.#scroller.addEventListener("scroll", () => this.#drawRows(), { passive: true });
      this.#grid.addEventListener("keydown", (event) => this.#key(event));
      this.#finder.addEventListener("keydown", (event) => {
        if (event.key === "Enter") this.#findNext(event.shiftKey ? -1 : 1);
      });
      this.#grid.addEventListener("pointermove", (event) => this.#point(event));
      NARROW.addEventListener("change", () => this.#draw());
    }
    this.#resized.observe(this.#scroller);
    this.#draw();
  }

  /** @returns {void} */
  disconnectedCallback() {
    this.#resized.disconnect();
  }

  /**
   * @param {string} traceId
   * @param {Layout} laid
   * @returns {void}
   */
  show(traceId, laid) {
    this.#traceId = traceId;
    this.#layout = laid;
    this.#draw();
  }

  /**
   * Goes to the field that finds spans.
   * @returns {void}
   */
  find() {
    this.#finder.focus();
  }

  /**
   * Goes to the next span that has the wanted text in its service, name or error.
   * @param {1 | -1} step
   * @returns {void}
   */
  #findNext(step) {
    const { listed } = this.#layout;
    const wanted = this.#finder.value.trim();
    if (!wanted) return;
    const found = matching(listed, wanted);
    const current = this.#shown[this.#activePlace] ?? -1;
    const next = step > 0
      ? found.find((at) => at > current) ?? found[0]
      : found.findLast((at) => at < current) ?? found.at(-1);
    this.#found.textContent = next === undefined
      ? gettext("nothing found")
      : `${found.indexOf(next) + 1} / ${found.length}`;
    if (next === undefined) return;
    this.#reveal(this.#idAt(next));
    this.#finder.focus();
  }

  /** @returns {void} */
  #draw() {
    if (!this.#focus || !this.isConnected) return;
    const { state } = this.#focus;
    this.#axis = axisOf(this.#layout, state);
    this.#shown = visible(this.#layout.listed, state.folded);
    this.#activePlace = Math.max(0, this.#placeOf(this.#active));
    this.#active = this.#idAt(this.#shown[this.#activePlace] ?? -1);
    this.#openedPlace = this.#placeOf(this.#opened);
    this.#grid.setAttribute("aria-rowcount", String(this.#shown.length + 1));
    this.#drawTools();
    this.#drawHead();
    this.#minimap.show(this.#layout);
    this.#notes.replaceChildren(...notes(this.#layout).map((text) => build("li", {}, text)));
    this.#notes.hidden = !this.#notes.childElementCount;
    if (state.selected !== this.#opened) this.#open(state.selected);
    const focused = this.#sizer.contains(document.activeElement);
    this.#drawn.forEach((row) => row.remove());
    this.#drawn.clear();
    this.#drawRows();
    if (focused) this.#drawn.get(this.#activePlace)?.focus({ preventScroll: true });
    this.#showCursor();
  }

  /** @returns {void} */
  #drawRows() {
    const opened = this.#openedPlace;
    const height = this.#height;
    const extra = opened < 0 ? 0 : this.#detailsHeight;
    this.#sizer.style.height = `${this.#shown.length * height + extra}px`;
    const top = this.#scroller.scrollTop;
    const seen = this.#scroller.clientHeight;
    const from = Math.max(0, Math.floor((top - extra) / height) - OVERSCAN);
    const to = Math.min(this.#shown.length, Math.ceil((top + seen) / height) + OVERSCAN);
    for (const [place, row] of this.#drawn) {
      // Who has the focus keeps it, wherever it is scrolled to.
      if ((place < from || place >= to) && row !== document.activeElement) {
        row.remove();
        this.#drawn.delete(place);
      }
    }
    const added = document.createDocumentFragment();
    for (let place = from; place < to; place++) {
      if (this.#drawn.has(place)) continue;
      const row = this.#row(place);
      this.#drawn.set(place, row);
      added.append(row);
    }
    this.#sizer.append(added);
    for (const [place, row] of this.#drawn) {
      const below = opened >= 0 && place > opened ? extra : 0;
      row.style.transform = `translateY(${place * height + below}px)`;
    }
    this.#details.hidden = opened < 0;
    this.#details.style.transform = `translateY(${(opened + 1) * height}px)`;
  }

  /**
   * @param {number} place
   * @returns {HTMLElement}
   */
  #row(place) {
    const at = this.#shown[place] ?? 0;
    const { state } = /** @type {Focus} */ (this.#focus);
    const spanId = this.#idAt(at);
    const row = rowOf(this.#layout, at, this.#axis, {
      folded: state.folded.has(spanId),
      selected: spanId === this.#opened,
    });
    row.setAttribute("tabindex", spanId === this.#active ? "0" : "-1");
    row.setAttribute("aria-rowindex", String(place + 2));
    row.addEventListener("click", (event) => {
      const folds = /** @type {Element} */ (event.target).closest("[data-fold]");
      this.#activate(place);
      if (folds) this.#focus?.fold(spanId);
      else this.#toggle(spanId);
    });
    return row;
  }

  /** @returns {void} */
  #drawTools() {
    const focus = /** @type {Focus} */ (this.#focus);
    const { state } = focus;
    const { listed, silences } = this.#layout;
    const tools = [];
    if (silences.length) {
      const silent = silences.reduce((sum, each) => sum + each.to - each.from, 0) / 1e6;
      const said = gettext("%(time)s in which nothing happened is folded (//).");
      if (!state.unfolded) {
        tools.push(build("span", {}, interpolate(said, { time: duration(silent) })));
      }
      tools.push(button(
        state.unfolded ? gettext("Fold the silence") : gettext("Unfold"),
        () => focus.set({ unfolded: !state.unfolded }),
      ));
    }
    if (state.zoom) {
      tools.push(button(gettext("Whole trace"), () => focus.set({ zoom: null })));
    }
    if (listed.length >= REMARKABLE) {
      tools.push(
        state.folded.size
          ? button(gettext("Unfold all spans"), () => focus.set({ folded: new Set() }))
          : button(
            gettext("Fold to services"),
            () => focus.set({ folded: withinServices(listed) }),
          ),
      );
    }
    tools.push(
      build(
        "span",
        { class: "legend" },
        build("i", { class: "critical", "aria-hidden": "true" }),
        gettext("critical path: what the first span waited for"),
      ),
      this.#cursorText,
    );
    // Who is typing into the field keeps it.
    this.#found.remove();
    for (const child of [...this.#tools.children]) if (child !== this.#finder) child.remove();
    if (listed.length >= REMARKABLE) {
      if (!this.#finder.isConnected) this.#tools.append(this.#finder);
      this.#finder.after(this.#found);
    }
    this.#tools.append(...tools);
  }

  /** @returns {void} */
  #drawHead() {
    const room = this.clientWidth - (NARROW.matches ? ROOM_OF_TOOK : ROOM_OF_LABELS);
    const count = Math.min(MOST_TICKS, Math.max(2, Math.floor(room / ROOM_OF_A_TICK)));
    const marks = this.#axis.ticks(count, this.#layout.first).map((moment) =>
      svg(
        "text",
        { x: `${this.#axis.place(moment) * 100}%`, y: 12 },
        duration((moment - this.#layout.first) / 1e6),
      )
    );
    const breaks = this.#axis.folded.map((each) =>
      svg("text", { x: `${placed(this.#axis, each) * 100}%`, y: 12, class: "break" }, "//")
    );
    this.#head.replaceChildren(
      build("span", { role: "columnheader", class: "quiet" }, gettext("Span")),
      build(
        "span",
        { role: "columnheader", class: "time" },
        build("span", { class: "visually-hidden" }, gettext("Time")),
        svg("svg", { "aria-hidden": "true" }, ...marks, ...breaks),
      ),
    );
  }

  /**
   * @param {string} spanId
   * @returns {void}
   */
  #toggle(spanId) {
    const { selected } = /** @type {Focus} */ (this.#focus).state;
    this.#focus?.set({ selected: selected === spanId ? "" : spanId });
  }

  /**
   * Opens the details of a span, whose attributes are asked for now.
   * @param {string} spanId empty to close
   * @returns {void}
   */
  #open(spanId) {
    this.#opened = spanId;
    this.#openedPlace = this.#placeOf(spanId);
    const at = this.#layout.listed.findIndex((row) => row.span.spanId === spanId);
    if (at < 0) {
      this.#details.remove();
      this.#detailsHeight = 0;
      return;
    }
    const zoom = (/** @type {{from: number, to: number}} */ window) =>
      this.#focus?.set({ zoom: window });
    details(this.#traceId, this.#layout, at, zoom, (content) => {
      if (this.#opened !== spanId) return;
      this.#details.replaceChildren(content);
      this.#sizer.append(this.#details);
      this.#details.hidden = false;
      this.#detailsHeight = this.#details.offsetHeight;
      this.#drawRows();
    });
  }

  /**
   * Brings a span into sight, with those above it unfolded.
   * @param {string} spanId
   * @returns {void}
   */
  #reveal(spanId) {
    const { listed } = this.#layout;
    const at = listed.findIndex((row) => row.span.spanId === spanId);
    if (at < 0 || !this.#focus) return;
    const above = listed.filter((row, place) => place < at && row.next > at)
      .map((row) => row.span.spanId);
    const folded = this.#focus.state.folded;
    if (above.some((each) => folded.has(each))) {
      this.#focus.set({ folded: new Set([...folded].filter((each) => !above.includes(each))) });
    }
    this.#activate(this.#placeOf(spanId));
  }

  /**
   * @param {number} place
   * @returns {void}
   */
  #activate(place) {
    if (!this.isConnected || place < 0 || place >= this.#shown.length) return;
    this.#drawn.get(this.#activePlace)?.setAttribute("tabindex", "-1");
    this.#activePlace = place;
    this.#active = this.#idAt(this.#shown[place] ?? -1);
    const [height, top] = [this.#height, this.#scroller.scrollTop];
    const opened = this.#openedPlace;
    const y = place * height + (opened >= 0 && place > opened ? this.#detailsHeight : 0);
    if (y < top) this.#scroller.scrollTop = y;
    else if (y + height > top + this.#scroller.clientHeight) {
      this.#scroller.scrollTop = y + height - this.#scroller.clientHeight;
    }
    this.#drawRows();
    const row = this.#drawn.get(place);
    row?.setAttribute("tabindex", "0");
    row?.focus({ preventScroll: this.#scroller.scrollHeight > this.#scroller.clientHeight });
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = this.#activePlace;
    const at = this.#shown[place] ?? -1;
    const row = this.#layout.listed[at];
    if (!row || !this.#focus) return;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#height) - 1);
    const last = this.#shown.length - 1;
    const moves = /** @type {Record<string, number>} */ ({
      ArrowDown: place + 1,
      j: place + 1,
      ArrowUp: place - 1,
      k: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: last,
    });
    const to = moves[event.key];
    const { folded, zoom } = this.#focus.state;
    const has = row.next > at + 1;
    if (to !== undefined) this.#activate(Math.min(last, Math.max(0, to)));
    else if (event.key === "ArrowLeft" && has && !folded.has(row.span.spanId)) {
      this.#focus.fold(row.span.spanId, true);
    } else if (event.key === "ArrowLeft") this.#activate(this.#parentOf(place, row.depth));
    else if (event.key === "ArrowRight" && folded.has(row.span.spanId)) {
      this.#focus.fold(row.span.spanId, false);
    } else if (event.key === "ArrowRight") this.#activate(has ? place + 1 : place);
    else if (event.key === "Enter" || event.key === " ") this.#toggle(row.span.spanId);
    else if (event.key === "z") this.#focus.set({ zoom: { from: row.start, to: row.end } });
    else if (event.key === "Escape" && zoom) this.#focus.set({ zoom: null });
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} place
   * @param {number} depth
   * @returns {number} the row above it in the tree, or itself
   */
  #parentOf(place, depth) {
    for (let above = place - 1; above >= 0; above--) {
      if ((this.#layout.listed[this.#shown[above] ?? -1]?.depth ?? 0) < depth) return above;
    }
    return place;
  }

  /**
   * @param {PointerEvent} event
   * @returns {void}
   */
  #point(event) {
    const box = this.#overlay.querySelector("svg")?.getBoundingClientRect();
    if (!box?.width || event.clientX < box.left || event.clientX > box.right) return;
    this.#focus?.set({ cursor: this.#axis.moment((event.clientX - box.left) / box.width) });
  }

  /** @returns {void} */
  #showCursor() {
    const cursor = this.#focus?.state.cursor ?? null;
    const hidden = cursor === null || cursor < this.#axis.first || cursor > this.#axis.last;
    this.#overlay.hidden = hidden;
    const after = cursor === null ? 0 : (cursor - this.#layout.first) / 1e6;
    this.#cursorText.textContent = cursor === null ? "" : `+${duration(after)}`;
    if (cursor === null || hidden) return;
    const x = `${this.#axis.place(cursor) * 100}%`;
    this.#cursor.setAttribute("x1", x);
    this.#cursor.setAttribute("x2", x);
  }

  /** @returns {number} */
  get #height() {
    return NARROW.matches ? NARROW_HEIGHT : HEIGHT;
  }

  /**
   * @param {number} at
   * @returns {string}
   */
  #idAt(at) {
    return this.#layout.listed[at]?.span.spanId ?? "";
  }

  /**
   * @param {string} spanId
   * @returns {number}
   */
  #placeOf(spanId) {
    return spanId ? this.#shown.findIndex((at) => this.#idAt(at) === spanId) : -1;
  }
}

customElements.define("lab-waterfall", LabWaterfall);
