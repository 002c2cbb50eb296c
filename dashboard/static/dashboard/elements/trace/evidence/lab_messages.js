import { build, svg } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { serviceTitle } from "../../shared/service_title.js";
import { measureIn } from "../../../base/text_width.js";
import { exactTime } from "../../../base/time.js";
import { outlived } from "../../../model/trace/calls.js";
import { axisOf } from "../../../model/trace/layout.js";
import { Diagram } from "../../../model/trace/messages/diagram.js";
import {
  chooseLanes,
  endOf,
  ENDS,
  lanesOf,
  silentLanes,
} from "../../../model/trace/messages/message.js";
import { sinceBase } from "../../../wire/revive.js";
import * as drawing from "./message_drawing.js";
import { merged, otherLanes, times } from "./message_margins.js";
import { endNames, gaveUpTexts, messageTexts, silenceTexts, spoken } from "./message_texts.js";

/**
 * @typedef {import("../../../model/trace/messages/message.js").Message} Message
 * @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/messages/message.js").FaultWindow} FaultWindow
 */

const MOST_ROWS = 500;
const ROOT_FONT_PX = 16;
const BELOW = 12;

/** A space-time diagram: a lane for each side, time downwards, messages as slanted arrows. */
export class LabMessages extends HTMLElement {
  /** @type {ViewState | null} */
  #view = null;
  /** @type {Layout | null} */
  #layout = null;
  /** @type {bigint} */
  #base = 0n;
  /** @type {Message[]} */
  #messages = [];
  /** @type {FaultWindow[]} */
  #windows = [];
  /** @type {Set<string>} the sides of which nothing is on record */
  #silent = new Set();
  /** @type {string[]} all of them */
  #lanes = [];
  /** @type {string[]} lanes that were asked for, the last one first */
  #preferred = [];
  /** @type {Diagram | null} */
  #diagram = null;
  #cursor = svg("g", { class: "cursor" }, svg("path"), svg("rect"), svg("text"));
  #legend = build("ul", { class: "plain ends", "aria-label": gettext("How a message ends") });
  #size = "";
  #resized = new ResizeObserver(() => {
    if (this.#size !== this.#sizeNow) this.#draw();
  });

  /**
   * @param {ViewState} view what it shares with the other views
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
    view.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
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
   * @param {import("../../../model/trace/messages/message.js").Known} known
   * @returns {void}
   */
  show(layout, base, { messages, windows, lanes, whole }) {
    this.#layout = layout;
    this.#base = base;
    this.#messages = messages;
    this.#windows = windows;
    const all = lanesOf(messages, lanes);
    // Of one side's records, nothing can be said of the others.
    this.#silent = new Set(whole ? silentLanes(all, layout) : []);
    if (all.join() !== this.#lanes.join()) this.#preferred = [];
    this.#lanes = all;
    this.#draw();
  }

  /** @returns {number} how high it may be; 0 where the page is as high as what it holds */
  get #roomDown() {
    return this.closest("lab-trace")?.hasAttribute("fills")
      ? this.parentElement?.clientHeight ?? 0
      : 0;
  }

  /** @returns {string} the size of what it is drawn into */
  get #sizeNow() {
    return `${this.clientWidth} ${this.#roomDown}`;
  }

  /** @returns {void} */
  #draw() {
    const [layout, view] = [this.#layout, this.#view];
    if (!layout || !view || !this.clientWidth) return;
    this.#size = this.#sizeNow;
    if (!this.#messages.length) {
      this.replaceChildren(
        build("p", { class: "quiet none" }, gettext("No message is seen from here.")),
      );
      return;
    }
    const axis = axisOf(layout, view.state);
    const diagram = this.#diagram = this.#compute(axis);
    const { width, height } = diagram;
    const picture = svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        class: "picture",
        role: "img",
        "aria-label": interpolate(gettext("Messages between %(sides)s, from top to bottom"), {
          sides: diagram.lanes.map(({ service }) => serviceTitle(service)).join(", "),
        }),
      },
      drawing.patterns(),
      ...this.#parts(layout, axis, diagram),
      this.#cursor,
    );
    picture.style.width = `${width / ROOT_FONT_PX}rem`;
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const y = ((event.clientY - box.top) / box.height) * height;
      view.set({ cursor: diagram.descent.moment(y) });
    });
    this.replaceChildren(
      ...otherLanes(this.#lanes, diagram, (lane) => {
        this.#preferred = [lane, ...this.#preferred];
        this.#draw();
      }),
      picture,
      build(
        "ol",
        { class: "visually-hidden" },
        ...this.#messages.map((each) => build("li", {}, spoken(each))),
      ),
      this.#legend,
    );
    this.#showLegend();
    this.#showCursor();
  }

  /**
   * @param {Axis} axis
   * @returns {Diagram}
   */
  #compute(axis) {
    const at = (/** @type {string | null} */ unixNano) =>
      unixNano === null ? null : sinceBase(unixNano, this.#base);
    const within = (/** @type {number} */ from, /** @type {number} */ to) =>
      from <= axis.last && to >= axis.first;
    const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const unit = root / ROOT_FONT_PX;
    const measure = measureIn(this, "600");
    const lanes = chooseLanes(this.#lanes, this.#messages, this.#preferred);
    return new Diagram({
      lanes,
      messages: this.#messages.flatMap((message) => {
        if (!lanes.includes(message.from) || !lanes.includes(message.to)) return [];
        const sent = at(message.sentUnixNano) ?? 0;
        const received = at(message.receivedUnixNano);
        const waited = ["refused", "reset"].includes(endOf(message))
          ? null
          : at(message.gaveUpUnixNano);
        if (!within(sent, received ?? sent)) return [];
        return [{
          message,
          sent,
          received,
          gaveUp: waited !== null && within(waited, waited) ? waited : null,
          texts: messageTexts(message),
          gaveUpTexts: waited === null ? [] : gaveUpTexts((waited - sent) / 1e6),
        }];
      }),
      faults: merged(this.#windows.filter(({ from, to }) => within(from, to))),
      folds: axis.folded.map(({ from, to }) => ({
        from,
        to,
        texts: silenceTexts((to - from) / 1e6),
      })),
      first: axis.first,
      last: axis.last,
      width: this.clientWidth / unit,
      height: (this.#roomDown - this.#legend.offsetHeight) / unit - BELOW,
      measure: (text) => measure(text) / unit,
    });
  }

  /**
   * @param {Layout} layout
   * @param {Axis} axis
   * @param {Diagram} diagram
   * @returns {SVGElement[]}
   */
  #parts(layout, axis, diagram) {
    const { selected } = /** @type {ViewState} */ (this.#view).state;
    const lanes = new Map(diagram.lanes.map(({ service, x }) => [service, x]));
    const down = (/** @type {number} */ moment) =>
      diagram.descent.y(Math.min(axis.last, Math.max(axis.first, moment)));
    const rows = layout.listed.slice(0, MOST_ROWS).flatMap((row, at) => {
      const x = lanes.get(row.span.service);
      if (x === undefined || row.start > axis.last || row.end < axis.first) return [];
      const after = outlived(layout.listed, at);
      const { service } = row.span;
      const kind = row.span.key === selected ? "selected" : "";
      if (!after) return [drawing.activity(service, x, down(row.start), down(row.end), kind)];
      return [
        drawing.activity(service, x, down(row.start), down(after.at), kind),
        drawing.activity(service, x, down(after.at), down(row.end), `alone ${kind}`),
      ];
    });
    return [
      ...diagram.folds.map((fold) => drawing.silence(fold, diagram.width)),
      ...diagram.gates.map(drawing.gate),
      ...diagram.lanes.map((each) =>
        drawing.lane(each, diagram.height, this.#silent.has(each.service))
      ),
      ...rows,
      ...times(diagram, layout.first),
      ...diagram.gaveUps.map(drawing.gaveUp),
      ...diagram.arrows.map((arrow) => this.#message(arrow)),
      ...diagram.labels.map((label) => {
        const of = diagram.arrows.find(({ sent }) => sent === diagram.sent[label.of]);
        return drawing.label(label, of?.end ?? "arrived");
      }),
    ];
  }

  /**
   * @param {import("../../../model/trace/messages/diagram.js").Arrow} arrow
   * @returns {SVGElement}
   */
  #message(arrow) {
    const { message } = arrow.sent;
    const drawn = drawing.arrow(arrow);
    const key = message.spanId && (this.#layout?.keyOf(message.spanId, message.from) ?? "");
    if (key && key === this.#view?.state.selected) drawn.classList.add("selected");
    drawn.addEventListener("click", () => this.#view?.set({ selected: key }));
    return drawn;
  }

  /** @returns {void} */
  #showLegend() {
    const drawn = new Set(this.#diagram?.arrows.map(({ end }) => end));
    const names = endNames();
    // What no record shows is explained where there is something of it.
    const listed = ENDS.filter((end) => end !== "unknown" || drawn.has(end));
    this.#legend.replaceChildren(
      ...listed.map((end) =>
        build(
          "li",
          { class: `${end} ${drawn.has(end) ? "drawn" : ""}` },
          drawing.sample(end),
          names[end],
        )
      ),
      ...(this.#diagram?.lanes.some(({ service }) => this.#silent.has(service))
        ? [build("li", { class: "silent" }, drawing.silentSample(), gettext("sends no telemetry"))]
        : []),
    );
  }

  /** @returns {void} */
  #showCursor() {
    const cursor = this.#view?.state.cursor ?? null;
    const [layout, diagram] = [this.#layout, this.#diagram];
    this.#cursor.toggleAttribute("hidden", cursor === null);
    if (cursor === null || !layout || !diagram) return;
    const y = diagram.descent.y(cursor);
    drawing.placeCursor(this.#cursor, y, diagram.width, exactTime((cursor - layout.first) / 1e6));
  }
}

customElements.define("lab-messages", LabMessages);
