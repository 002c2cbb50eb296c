import { build, svg } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { serviceTitle } from "../../shared/service_title.js";
import { measureIn } from "../../../base/text_width.js";
import { exactTime } from "../../../base/time.js";
import { outlived } from "../../../model/trace/calls.js";
import { axisOf } from "../../../model/trace/layout.js";
import { drawnAt } from "../../../model/trace/messages/drawn_at.js";
import { chooseLanes, lanesOf, silentLanes } from "../../../model/trace/messages/message.js";
import * as drawing from "./message_drawing.js";
import { MessageHandle } from "../replay/message_handle.js";
import { diagramOf } from "./message_diagram.js";
import { legendItems, otherLanes, times } from "./message_margins.js";
import { spoken } from "./message_texts.js";

/**
 * @typedef {import("../../../model/trace/messages/message.js").Message} Message
 * @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/messages/diagram.js").Diagram} Diagram
 * @typedef {import("../../../model/trace/messages/message.js").FaultWindow} FaultWindow
 */

const MOST_ROWS = 500;
const ROOT_FONT_PX = 16;
const NEAR_END = 3;

/** A space-time diagram: a lane for each side, time downwards, messages as slanted arrows. */
export class LabMessages extends HTMLElement {
  /** @type {ViewState | null} */
  #view = null;
  /** @type {Layout | null} of the moment that is shown */
  #layout = null;
  /** @type {bigint} */
  #base = 0n;
  /** @type {Message[]} as they are known at the moment that is shown */
  #messages = [];
  /** @type {Message[]} all of them: what happens later moves nothing */
  #allMessages = [];
  /** @type {FaultWindow[]} all of them */
  #windows = [];
  /** @type {Set<string>} the sides of which nothing is on record */
  #silent = new Set();
  /** @type {string[]} all of them */
  #lanes = [];
  /** @type {string[]} lanes that were asked for, the last one first */
  #preferred = [];
  /** @type {Diagram | null} of the whole trace */
  #diagram = null;
  #cursor = svg("g", { class: "cursor" }, svg("path"), svg("rect"), svg("text"));
  #handle = new MessageHandle(this, (y) => this.#moveHandle(y));
  #legend = build("ul", { class: "plain ends", "aria-label": gettext("How a message ends") });
  /** @type {import("../../../model/trace/messages/drawn_at.js").Drawn | null} */
  #drawn = null;
  #size = "";
  /** @type {Message[] | null} what the diagram was computed of, and for */
  #computedOf = null;
  #computedFor = "";
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
      // Of another moment, what was so then is shown to it.
      if (names.every((name) => name === "cursor" || name === "at")) this.#showCursor();
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
   * @param {{layout: Layout, known: import("../../../model/trace/messages/message.js").Known}} end
   *   the whole trace, along which the moment is shown
   * @returns {void}
   */
  show(layout, base, { messages }, end) {
    const { messages: allMessages, windows, lanes, whole } = end.known;
    this.#layout = layout;
    this.#base = base;
    this.#messages = messages;
    this.#allMessages = allMessages;
    this.#windows = windows;
    const all = lanesOf(allMessages, lanes);
    // Of one side's records, nothing can be said of the others.
    this.#silent = new Set(whole ? silentLanes(all, end.layout) : []);
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
    if (!this.#allMessages.length) {
      this.replaceChildren(
        build("p", { class: "quiet none" }, gettext("No message is seen from here.")),
      );
      return;
    }
    const axis = axisOf(layout, view.state);
    const diagram = this.#diagram = this.#computeOnce(axis);
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
      this.#handle.element,
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
   * Computes the diagram of the whole trace, unless what it is made of has not changed.
   * @param {Axis} axis
   * @returns {Diagram}
   */
  #computeOnce(axis) {
    const { first, last, folded } = axis;
    const made = [this.#size, first, last, folded.length, this.#windows.length, ...this.#preferred];
    const key = made.join(" ");
    if (this.#diagram && this.#computedOf === this.#allMessages && this.#computedFor === key) {
      return this.#diagram;
    }
    this.#computedOf = this.#allMessages;
    this.#computedFor = key;
    const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return diagramOf({
      messages: this.#allMessages,
      windows: this.#windows,
      base: this.#base,
      lanes: chooseLanes(this.#lanes, this.#allMessages, this.#preferred),
      axis,
      width: this.clientWidth,
      height: this.#roomDown - this.#legend.offsetHeight,
      unit: root / ROOT_FONT_PX,
      measure: measureIn(this, "600"),
    });
  }

  /**
   * @param {Layout} layout
   * @param {Axis} axis
   * @param {Diagram} diagram
   * @returns {SVGElement[]}
   */
  #parts(layout, axis, diagram) {
    const { at, selected } = /** @type {ViewState} */ (this.#view).state;
    const drawn = at === null ? diagram : drawnAt(diagram, at, this.#messages);
    this.#drawn = drawn;
    // Who has not been spoken of yet has no name.
    const spoken = new Set(this.#messages.flatMap(({ from, to }) => [from, to]));
    const known = ({ service } = { service: "" }) =>
      at === null || spoken.has(service) || layout.services.includes(service);
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
      ...drawn.folds.map((fold) => drawing.silence(fold, diagram.width)),
      ...drawn.gates.map(drawing.gate),
      ...diagram.lanes.filter(known).map((each) =>
        drawing.lane(each, diagram.height, this.#silent.has(each.service))
      ),
      ...rows,
      ...times(drawn, layout.first),
      ...drawn.gaveUps.map(drawing.gaveUp),
      ...drawn.arrows.map((arrow) => this.#message(arrow)),
      ...drawn.labels.map((label) => {
        const of = drawn.arrows.find(({ sent }) => sent === drawn.sent[label.of]);
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
    const drawn = new Set(this.#drawn?.arrows.map(({ end }) => end));
    const silent = this.#diagram?.lanes.some(({ service }) => this.#silent.has(service)) ?? false;
    this.#legend.replaceChildren(...legendItems(drawn, silent));
  }

  /**
   * @param {number} y in the drawing
   * @returns {void}
   */
  #moveHandle(y) {
    const diagram = this.#diagram;
    if (!diagram) return;
    const atEnd = y >= diagram.descent.bottom - NEAR_END;
    this.#view?.set({ at: atEnd ? null : diagram.descent.moment(y) });
  }

  /** @returns {void} */
  #showCursor() {
    const { cursor = null, at = null } = this.#view?.state ?? {};
    const [layout, diagram] = [this.#layout, this.#diagram];
    if (diagram) {
      const { descent, width, height } = diagram;
      this.#handle.show(at === null ? null : descent.y(at), descent.bottom, width, height);
    }
    this.#cursor.toggleAttribute("hidden", cursor === null);
    if (cursor === null || !layout || !diagram) return;
    const y = diagram.descent.y(cursor);
    drawing.placeCursor(this.#cursor, y, diagram.width, exactTime((cursor - layout.first) / 1e6));
  }
}

customElements.define("lab-messages", LabMessages);
