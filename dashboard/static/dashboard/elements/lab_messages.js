import { build, svg } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { duration } from "../base/time.js";
import { axisOf } from "../model/layout.js";
import { sinceBase } from "../wire/revive.js";

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {"request" | "response"} kind
 * @property {string} from
 * @property {string} to
 * @property {string} sentUnixNano
 * @property {string | null} receivedUnixNano
 * @property {"delivered" | "lost" | "unknown" | "late" | "refused"} outcome
 * @property {string} label
 * @property {string | null} errorKind
 * @property {string} spanId
 * @property {string | null} gaveUpUnixNano
 *
 * @typedef {{target: string, kind: string, fromUnixNano: string, toUnixNano: string | null}} Window
 *   A fault that was in force.
 * @typedef {import("../model/focus.js").Focus} Focus
 * @typedef {import("../model/layout.js").Layout} Layout
 * @typedef {import("../model/trace.js").Row} Row
 * @typedef {(at: number) => number} Down
 */

const WIDTH = 720;
const TOP = 56;
const LEAST_HEIGHT = 260;
const ROOM_OF_A_MESSAGE = 60;
const LANES = ["client", "api", "worker"];
const EDGE = 110;
const TICKS = 7;
const HALFWAY = 0.5;
const LEAST_SLANT = 14;
const MOST_ROWS = 500;

/** A space-time diagram: a lane for each side, time downwards, messages as slanted arrows. */
export class LabMessages extends HTMLElement {
  /** @type {Focus | null} */
  #focus = null;
  /** @type {Layout | null} */
  #layout = null;
  /** @type {bigint} */
  #base = 0n;
  /** @type {Message[]} */
  #messages = [];
  /** @type {Window[]} */
  #windows = [];
  #height = LEAST_HEIGHT;
  #cursor = svg("line", { class: "cursor", x1: EDGE / 2, x2: WIDTH - EDGE / 2 });

  /**
   * @param {Focus} focus what it shares with the other views
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
    focus.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.every((name) => name === "cursor")) this.#showCursor();
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
   * @param {Message[]} messages
   * @param {Window[]} windows
   * @returns {void}
   */
  show(laid, base, messages, windows) {
    this.#layout = laid;
    this.#base = base;
    this.#messages = messages;
    this.#windows = windows;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const [laid, focus] = [this.#layout, this.#focus];
    if (!laid || !focus || !this.isConnected) return;
    if (!this.#messages.length) {
      this.replaceChildren(
        build("p", { class: "quiet" }, gettext("No message is seen from here.")),
      );
      return;
    }
    const axis = axisOf(laid, focus.state);
    const height = Math.max(LEAST_HEIGHT, this.#messages.length * ROOM_OF_A_MESSAGE);
    this.#height = height;
    const down = (/** @type {number} */ at) => TOP + axis.place(at) * height;
    const at = (/** @type {string} */ unixNano) => sinceBase(unixNano, this.#base);
    const within = (/** @type {number} */ from, /** @type {number} */ to) =>
      from <= axis.last && to >= axis.first;
    const shades = this.#windows
      .map((each) => ({
        target: each.target,
        from: at(each.fromUnixNano),
        to: each.toUnixNano === null ? laid.last : at(each.toUnixNano),
      }))
      .filter(({ from, to }) => within(from, to));
    const shown = this.#messages.filter((each) => {
      const sent = at(each.sentUnixNano);
      return within(sent, each.receivedUnixNano ? at(each.receivedUnixNano) : sent);
    });
    const parts = [
      ...shades.map((each) => shade(each, down)),
      ...LANES.map((lane) => laneOf(lane, height)),
      ...laid.listed.slice(0, MOST_ROWS)
        .filter((row) => LANES.includes(row.span.service) && within(row.start, row.end))
        .map((row) => activity(row, down)),
      ...axis.ticks(TICKS, laid.first).map((moment) =>
        svg(
          "text",
          { x: 8, y: down(moment) + 4, class: "tick" },
          duration((moment - laid.first) / 1e6),
        )
      ),
      ...axis.folded.map((each) => {
        const y = (down(each.from) + down(each.to)) / 2;
        return svg("text", { x: 8, y: y + 4, class: "break" }, "//");
      }),
      ...shown.map((each) => this.#message(each, (unixNano) => down(at(unixNano)))),
      this.#cursor,
    ];
    const picture = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${TOP + height + 30}`,
      role: "img",
      "aria-label": gettext("Messages between client, API and worker, from top to bottom"),
    }, ...parts);
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const y = ((event.clientY - box.top) / box.height) * (TOP + height + 30);
      focus.set({ cursor: axis.moment((y - TOP) / height) });
    });
    this.replaceChildren(
      picture,
      build("ol", { class: "visually-hidden" }, ...this.#messages.map(spoken)),
    );
    this.#showCursor();
  }

  /**
   * @param {Message} message
   * @param {(unixNano: string) => number} down
   * @returns {SVGElement}
   */
  #message(message, down) {
    const drawn = arrow(message, down);
    if (message.spanId && message.spanId === this.#focus?.state.selected) {
      drawn.classList.add("selected");
    }
    drawn.addEventListener("click", () => this.#focus?.set({ selected: message.spanId }));
    return drawn;
  }

  /** @returns {void} */
  #showCursor() {
    const cursor = this.#focus?.state.cursor ?? null;
    this.#cursor.toggleAttribute("hidden", cursor === null);
    if (cursor === null || !this.#layout || !this.#focus) return;
    const y = TOP + axisOf(this.#layout, this.#focus.state).place(cursor) * this.#height;
    this.#cursor.setAttribute("y1", String(y));
    this.#cursor.setAttribute("y2", String(y));
  }
}

/**
 * @param {string} lane
 * @returns {number}
 */
function across(lane) {
  const at = LANES.indexOf(lane);
  return EDGE + Math.max(0, at) * ((WIDTH - 2 * EDGE) / (LANES.length - 1));
}

/**
 * @param {string} lane
 * @param {number} height
 * @returns {SVGElement}
 */
function laneOf(lane, height) {
  const x = across(lane);
  return svg(
    "g",
    { class: `lane ${lane}` },
    svg("text", { x, y: 24, class: "lane-name" }, lane),
    svg("line", { x1: x, y1: TOP - 18, x2: x, y2: TOP + height + 18 }),
  );
}

/**
 * @param {Row} row
 * @param {Down} down
 * @returns {SVGElement}
 */
function activity(row, down) {
  const y = down(row.start);
  return svg("rect", {
    class: `activity ${row.span.service}`,
    x: across(row.span.service) - 5,
    y,
    width: 10,
    height: Math.max(2, down(row.end) - y),
    rx: 3,
  });
}

/**
 * @param {{target: string, from: number, to: number}} window
 * @param {Down} down
 * @returns {SVGElement}
 */
function shade(window, down) {
  const [a, b] = window.target.split("-to-");
  const [left, right] = [across(a ?? ""), across(b ?? a ?? "")].sort((one, other) => one - other);
  const y = down(window.from);
  return svg("rect", {
    class: "window",
    x: (left ?? 0) + 6,
    y,
    width: Math.max(0, (right ?? 0) - (left ?? 0) - 12),
    height: Math.max(2, down(window.to) - y),
  });
}

/**
 * @param {Message} message
 * @param {(unixNano: string) => number} down
 * @returns {SVGElement}
 */
function arrow(message, down) {
  const [x1, x2] = [across(message.from), across(message.to)];
  const y1 = down(message.sentUnixNano);
  const arrived = message.receivedUnixNano !== null;
  const y2 = Math.max(down(message.receivedUnixNano ?? message.sentUnixNano), y1 + LEAST_SLANT);
  const reach = arrived ? 1 : HALFWAY;
  const [tipX, tipY] = [x1 + (x2 - x1) * reach, y1 + (y2 - y1) * reach];
  const way = Math.sign(x2 - x1);
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const stop = tipX - way * (arrived ? 7 : 0);
  const parts = [svg("line", { x1: x1 + way * 6, y1, x2: stop, y2: tipY })];
  if (arrived) {
    parts.push(
      svg("path", {
        class: "head",
        d: "M-9 -5L0 0L-9 5",
        transform: `translate(${stop} ${tipY}) rotate(${angle})`,
      }),
    );
  } else if (message.outcome === "unknown") {
    parts.push(svg("text", { x: tipX + way * 10, y: tipY + 6, class: "unknown" }, "?"));
  } else {
    parts.push(svg("path", { class: "cross", d: `M${tipX - 7} ${tipY - 7}l14 14m0 -14l-14 14` }));
  }
  const label = message.errorKind && !arrived
    ? `${message.label} · ${message.errorKind}`
    : message.label;
  // Beside its sender, so that messages that cross do not cross their labels.
  const side = way > 0 ? "rightward" : "leftward";
  parts.push(svg("text", { x: x1 + way * 14, y: y1 - 5, class: `label ${side}` }, label));
  if (message.gaveUpUnixNano !== null) {
    // On the lane of who waited: the one that a response was meant for.
    const waiting = message.kind === "response" ? message.to : message.from;
    const y = down(message.gaveUpUnixNano);
    parts.push(
      svg("path", { class: "gave-up", d: `M${across(waiting) - 9} ${y}h18` }),
      svg("text", { x: across(waiting) + 12, y: y - 5, class: "gave-up-text" }, gettext("gave up")),
    );
  }
  return svg("g", { class: `message ${message.kind} ${message.outcome}` }, ...parts);
}

/**
 * @param {Message} message
 * @returns {HTMLElement}
 */
function spoken(message) {
  return build(
    "li",
    {},
    interpolate(gettext("%(label)s from %(from)s to %(to)s: %(outcome)s"), {
      label: message.label,
      from: message.from,
      to: message.to,
      outcome: message.errorKind ? `${message.outcome}, ${message.errorKind}` : message.outcome,
    }),
  );
}

customElements.define("lab-messages", LabMessages);
