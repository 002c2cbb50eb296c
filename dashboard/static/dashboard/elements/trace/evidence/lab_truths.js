import { build, pointerFraction } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { serviceTitle } from "../../shared/service_title.js";
import { measureIn } from "../../../base/text_width.js";
import { clock, exactTime } from "../../../base/time.js";
import { hue } from "../../../base/palette.js";
import { axisOf } from "../../../model/trace/layout.js";
import { momentAt } from "../../../model/trace/truths.js";
import { sinceBase } from "../../../wire/revive.js";
import { silenceBands, TimeHead } from "../waterfall/time_head.js";
import { truthLanes } from "./truth_lanes.js";

/**
 * @typedef {import("../../../model/trace/truths.js").Moment} Moment
 * @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 */

const STEPS = 1000;

/** What the API believes beside what the worker has done, moment by moment. */
export class LabTruths extends HTMLElement {
  /** @type {Array<Moment & {at: number}>} */
  #moments = [];
  /** @type {ViewState | null} */
  #view = null;
  /** @type {Layout | null} */
  #layout = null;
  /** @type {import("../../../model/trace/messages/message.js").FaultWindow[]} */
  #windows = [];
  /** @type {import("./truth_lanes.js").Crossing[]} */
  #crossings = [];
  #range = /** @type {HTMLInputElement} */ (build("input", {
    type: "range",
    min: "0",
    max: String(STEPS),
    step: "1",
    "aria-label": gettext("moment"),
  }));
  #list = build("ol", { class: "plain moments" });
  #time = new TimeHead();
  #lanes = build("div", { class: "lanes", "aria-hidden": "true" });
  #cursor = build("i", { class: "cursor" });
  #caller = build("div", { class: "side caller" });
  #callee = build("div", { class: "side callee" });
  /** @type {string[]} caller and callee */
  #sides = [];
  #isOrder = true;
  #plot = build(
    "div",
    { class: "plot" },
    this.#time.element,
    this.#caller,
    this.#callee,
    this.#lanes,
    this.#range,
  );
  #width = 0;
  #resized = new ResizeObserver(() => {
    if (this.#width !== this.clientWidth) this.#draw();
  });

  /**
   * @param {ViewState} view what it shares with the other views
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
    this.#range.addEventListener("input", () => {
      view.set({ cursor: this.#axis()?.moment(Number(this.#range.value) / STEPS) ?? null });
    });
    this.#range.addEventListener("keydown", (event) => this.#step(event));
    this.#lanes.addEventListener("pointermove", (event) => {
      const axis = this.#axis();
      if (axis) view.set({ cursor: axis.moment(pointerFraction(event, this.#lanes)) });
    });
    view.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.includes("at")) return;
      if (names.every((name) => name === "cursor")) this.#showCursor();
      else this.#draw();
    });
  }

  /** @returns {void} */
  connectedCallback() {
    this.#resized.observe(this);
    this.#draw();
  }

  /** @returns {void} */
  disconnectedCallback() {
    this.#resized.disconnect();
  }

  /**
   * @param {Layout} layout
   * @param {bigint} base
   * @param {{moments: Moment[], of: string[]}} truths
   * @param {import("../../../model/trace/messages/message.js").Known} known
   * @returns {void}
   */
  show(layout, base, { moments, of }, { messages, windows, isOrder }) {
    this.#layout = layout;
    this.#sides = of;
    this.#isOrder = isOrder;
    this.#windows = windows;
    this.#crossings = messages
      .filter(({ from, to }) => from !== to && of.includes(from) && of.includes(to))
      .map((message) => ({
        message,
        sent: sinceBase(message.sentUnixNano, base),
        received: message.receivedUnixNano === null
          ? null
          : sinceBase(message.receivedUnixNano, base),
      }));
    const until = this.#view?.state.at ?? Infinity;
    this.#moments = moments
      .map((each) => ({ ...each, at: sinceBase(each.timeUnixNano, base) }))
      .filter(({ at }) => at <= until);
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    if (!this.isConnected || !this.#layout) return;
    this.#width = this.clientWidth;
    const moments = this.#moments;
    if (!moments.length) {
      this.replaceChildren(
        build("p", { class: "quiet none" }, gettext("Nothing is known from here.")),
      );
      return;
    }
    if (this.#plot.parentElement !== this) this.replaceChildren(this.#plot, this.#list);
    this.#drawSides();
    this.#drawLanes();
    this.#drawList();
    this.#showCursor();
  }

  /** @returns {string[]} what each side is asked about */
  get #titles() {
    return this.#isOrder
      ? [gettext("API believes"), gettext("worker did")]
      : this.#sides.map((side) => serviceTitle(side) || "?");
  }

  /** @returns {void} */
  #drawSides() {
    const notes = this.#isOrder
      ? [gettext("its order, and what it was told"), gettext("its reservations, and what it sent")]
      : [gettext("its call, and how that ended"), gettext("what it did for the call")];
    [this.#caller, this.#callee].forEach((side, at) =>
      side.replaceChildren(
        build("b", { class: `service ${hue(this.#sides[at] ?? "")}` }, this.#titles[at] ?? ""),
        build("span", { class: "quiet" }, notes[at] ?? ""),
      )
    );
  }

  /** @returns {void} */
  #drawLanes() {
    const axis = this.#axis();
    const width = this.#lanes.clientWidth;
    if (!axis || !this.#layout || !width) return;
    const { first, last } = this.#layout;
    const at = this.#view?.state.at ?? Infinity;
    this.#time.draw(axis, first, this.#windows, at);
    this.#lanes.replaceChildren(
      ...silenceBands(axis, at),
      ...truthLanes({
        moments: this.#moments,
        sides: this.#sides,
        crossings: this.#crossings,
        first,
        last: Math.min(last, at),
        axis,
        width,
        measure: measureIn(this.#lanes, "600"),
      }),
      this.#cursor,
    );
  }

  /** @returns {void} */
  #drawList() {
    const first = this.#layout?.first ?? 0;
    const { selected } = /** @type {ViewState} */ (this.#view).state;
    const rows = this.#moments.map((moment, index) => {
      const proves = selected &&
        moment.proofs.some((proof) =>
          proof.type === "span" && this.#layout?.keyOf(proof.id, proof.service) === selected
        );
      const classes = [moment.differ ? "differ" : "", proves ? "proves" : ""].join(" ").trim();
      const row = build(
        "li",
        { class: classes, "data-index": String(index) },
        build(
          "time",
          { title: clock(moment.timeUnixNano) },
          `+${exactTime((moment.at - first) / 1e6)}`,
        ),
        build("span", { class: "caller" }, moment.caller.text),
        build("span", { class: "sign", "aria-hidden": "true" }, moment.differ ? "≠" : "·"),
        build("span", { class: "callee" }, moment.callee.text),
        ...(moment.differ
          ? [build("span", { class: "visually-hidden" }, gettext("they differ"))]
          : []),
      );
      row.addEventListener("click", () => this.#view?.set({ cursor: moment.at }));
      return row;
    });
    this.#list.replaceChildren(
      build(
        "li",
        { class: "head quiet" },
        build("span", {}, gettext("from")),
        build("span", {}, this.#titles[0] ?? ""),
        build("span", {}),
        build("span", {}, this.#titles[1] ?? ""),
      ),
      ...rows,
    );
  }

  /** @returns {void} */
  #showCursor() {
    const cursor = this.#view?.state.cursor ?? null;
    const index = momentAt(this.#moments, cursor);
    const moment = this.#moments[index];
    if (!moment) return;
    for (const row of this.#list.children) {
      row.toggleAttribute("aria-current", row.getAttribute("data-index") === String(index));
    }
    this.#range.setAttribute("aria-valuetext", `${moment.caller.text} / ${moment.callee.text}`);
    const axis = this.#axis();
    const shown = cursor ?? moment.at;
    const position = axis?.position(shown) ?? 0;
    this.#range.value = String(Math.round(position * STEPS));
    this.#cursor.style.left = `${position * 100}%`;
    if (axis) this.#time.point(axis, shown, this.#layout?.first ?? 0);
  }

  /**
   * With the arrow keys, from change to change.
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #step(event) {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = momentAt(this.#moments, this.#view?.state.cursor ?? null) + step;
    const moment = this.#moments[Math.min(this.#moments.length - 1, Math.max(0, at))];
    if (moment) this.#view?.set({ cursor: moment.at });
  }

  /** @returns {import("../../../model/trace/axis.js").Axis | null} */
  #axis() {
    return this.#layout && this.#view ? axisOf(this.#layout, this.#view.state) : null;
  }
}

customElements.define("lab-truths", LabTruths);
