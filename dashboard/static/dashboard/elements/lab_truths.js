import { build, svg } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { clock, duration } from "../base/time.js";
import { momentAt, stretches } from "../model/belief.js";
import { axisOf } from "../model/layout.js";
import { sinceBase } from "../wire/revive.js";

/**
 * @typedef {import("../model/belief.js").Moment} Moment
 * @typedef {import("../model/focus.js").Focus} Focus
 * @typedef {import("../model/layout.js").Layout} Layout
 */

const ROOM_OF_A_TICK = 110;
const ROOM_OF_NAMES = 160;
const MOST_TICKS = 8;
const LANE = 26;
const LANES_TOP = 18;
const HEIGHT = LANES_TOP + 2 * LANE + 8;
const ROOM_FOR_TEXT = 14;
const STEPS = 1000;

/** What the API believes beside what the worker has done, moment by moment. */
export class LabTruths extends HTMLElement {
  /** @type {Array<Moment & {at: number}>} */
  #moments = [];
  /** @type {Focus | null} */
  #focus = null;
  /** @type {Layout | null} */
  #layout = null;
  #at = build("output", { class: "at" });
  #range = /** @type {HTMLInputElement} */ (build("input", {
    type: "range",
    min: "0",
    max: String(STEPS),
    step: "1",
    "aria-label": gettext("moment"),
  }));
  #list = build("ol", { class: "plain moments" });
  #lanes = svg("svg", { class: "lanes", "aria-hidden": "true", height: HEIGHT });
  #cursor = svg("line", { class: "cursor", y1: LANES_TOP - 4, y2: HEIGHT });

  /**
   * @param {Focus} focus what it shares with the other views
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
    this.#range.addEventListener("input", () => {
      focus.set({ cursor: this.#axis()?.moment(Number(this.#range.value) / STEPS) ?? null });
    });
    this.#range.addEventListener("keydown", (event) => this.#step(event));
    this.#lanes.addEventListener("pointermove", (event) => {
      const box = this.#lanes.getBoundingClientRect();
      const axis = this.#axis();
      if (axis) focus.set({ cursor: axis.moment((event.clientX - box.left) / box.width) });
    });
    focus.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.every((name) => name === "cursor")) this.#scrub();
      else this.#draw();
    });
  }

  /** @returns {void} */
  connectedCallback() {
    this.#draw();
  }

  /**
   * @param {Layout} laid
   * @param {bigint} base
   * @param {Moment[]} moments
   * @returns {void}
   */
  show(laid, base, moments) {
    this.#layout = laid;
    this.#moments = moments.map((each) => ({ ...each, at: sinceBase(each.timeUnixNano, base) }));
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    if (!this.isConnected || !this.#layout) return;
    const moments = this.#moments;
    if (!moments.length) {
      this.replaceChildren(build("p", { class: "quiet" }, gettext("Nothing is known from here.")));
      return;
    }
    this.#drawLanes();
    this.#drawList();
    this.replaceChildren(
      build(
        "div",
        { class: "sides-of-truth" },
        build(
          "div",
          { class: "names quiet" },
          build("span", {}, gettext("The API believes")),
          build("span", {}, gettext("The worker has done")),
        ),
        this.#lanes,
        this.#at,
        this.#range,
      ),
      this.#list,
    );
    this.#scrub();
  }

  /** @returns {void} */
  #drawLanes() {
    const axis = this.#axis();
    const laid = this.#layout;
    if (!axis || !laid) return;
    const first = laid.first;
    const room = Math.floor((this.clientWidth - ROOM_OF_NAMES) / ROOM_OF_A_TICK);
    const count = Math.min(MOST_TICKS, Math.max(2, room));
    const lane = (
      /** @type {"api" | "worker"} */ side,
      /** @type {number} */ y,
    ) =>
      stretches(
        this.#moments.map((each) => ({
          at: each.at,
          value: side === "api" ? each.api.belief : each.worker.fact,
          text: each[side].text,
        })),
        laid.last,
      ).flatMap((each) => {
        const x = axis.place(each.from) * 100;
        const width = Math.max(0.4, axis.place(each.to) * 100 - x);
        return [
          svg(
            "rect",
            {
              x: `${x}%`,
              y,
              width: `${width}%`,
              height: LANE - 6,
              rx: 3,
              class: `${side} ${each.value}`,
            },
            svg("title", {}, each.text),
          ),
          ...(width > ROOM_FOR_TEXT
            ? [svg(
              "svg",
              { x: `${x}%`, y, width: `${width}%`, height: LANE - 6 },
              svg("text", { x: 6, y: 14 }, each.value.replaceAll("_", " ")),
            )]
            : []),
        ];
      });
    const differ = stretches(
      this.#moments.map((each) => ({ at: each.at, value: String(each.differ), text: "" })),
      laid.last,
    ).filter((each) => each.value === "true").map((each) => {
      const x = axis.place(each.from) * 100;
      return svg("rect", {
        class: "differ",
        x: `${x}%`,
        y: LANES_TOP - 4,
        width: `${Math.max(0.4, axis.place(each.to) * 100 - x)}%`,
        height: HEIGHT - LANES_TOP + 4,
      });
    });
    this.#lanes.replaceChildren(
      ...differ,
      ...axis.ticks(count, first).map((moment) =>
        svg(
          "text",
          { x: `${axis.place(moment) * 100}%`, y: 10, class: "tick" },
          duration((moment - first) / 1e6),
        )
      ),
      ...lane("api", LANES_TOP),
      ...lane("worker", LANES_TOP + LANE),
      this.#cursor,
    );
  }

  /** @returns {void} */
  #drawList() {
    const first = this.#layout?.first ?? 0;
    const { selected } = /** @type {Focus} */ (this.#focus).state;
    const rows = this.#moments.map((moment, index) => {
      const proves = selected && moment.proofs.some((proof) => proof.id === selected);
      const classes = [moment.differ ? "differ" : "", proves ? "proves" : ""].join(" ").trim();
      const row = build(
        "li",
        { class: classes, "data-index": String(index) },
        build(
          "time",
          { title: clock(moment.timeUnixNano) },
          `+${duration((moment.at - first) / 1e6)}`,
        ),
        build("span", { class: "api" }, moment.api.text),
        build("span", { class: "sign", "aria-hidden": "true" }, moment.differ ? "≠" : "="),
        build("span", { class: "worker" }, moment.worker.text),
        ...(moment.differ
          ? [build("span", { class: "visually-hidden" }, gettext("they differ"))]
          : []),
      );
      row.addEventListener("click", () => this.#focus?.set({ cursor: moment.at }));
      return row;
    });
    this.#list.replaceChildren(
      build(
        "li",
        { class: "head quiet" },
        build("span", {}, gettext("from")),
        build("span", {}, gettext("The API believes")),
        build("span", {}),
        build("span", {}, gettext("The worker has done")),
      ),
      ...rows,
    );
  }

  /** @returns {void} */
  #scrub() {
    const cursor = this.#focus?.state.cursor ?? null;
    const index = momentAt(this.#moments, cursor);
    const moment = this.#moments[index];
    if (!moment) return;
    for (const row of this.#list.children) {
      row.toggleAttribute("aria-current", row.getAttribute("data-index") === String(index));
    }
    const after = ((cursor ?? moment.at) - (this.#layout?.first ?? 0)) / 1e6;
    this.#at.textContent = `+${duration(after)}`;
    this.#range.setAttribute("aria-valuetext", `${moment.api.text} / ${moment.worker.text}`);
    const axis = this.#axis();
    this.#range.value = String(Math.round((axis?.place(cursor ?? moment.at) ?? 0) * STEPS));
    const x = `${(axis?.place(cursor ?? moment.at) ?? 0) * 100}%`;
    this.#cursor.setAttribute("x1", x);
    this.#cursor.setAttribute("x2", x);
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
    const at = momentAt(this.#moments, this.#focus?.state.cursor ?? null) + step;
    const moment = this.#moments[Math.min(this.#moments.length - 1, Math.max(0, at))];
    if (moment) this.#focus?.set({ cursor: moment.at });
  }

  /** @returns {import("../model/axis.js").Axis | null} */
  #axis() {
    return this.#layout && this.#focus ? axisOf(this.#layout, this.#focus.state) : null;
  }
}

customElements.define("lab-truths", LabTruths);
