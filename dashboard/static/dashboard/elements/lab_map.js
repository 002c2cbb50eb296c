import { svg } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { flights, label, look } from "../model/map.js";

/** @typedef {import("../model/map.js").Fault} Fault */

const WIDTH = 760;
const HEIGHT = 230;
const MOST_FLIGHTS = 24;
const FLIGHT_MS = 700;

/** Where each link runs: from, to, and the height of its line. */
const LINKS = /** @type {const} */ ({
  "client-to-api": { from: 150, to: 310, y: 120, text: 96 },
  "api-to-worker": { from: 450, to: 610, y: 86, text: 60 },
  "worker-to-api": { from: 610, to: 450, y: 148, text: 182 },
});

/** @typedef {keyof typeof LINKS} LinkName */

const NODES = [
  { name: "client", x: 20, y: 75 },
  { name: "api", x: 310, y: 50 },
  { name: "worker", x: 610, y: 50 },
];

/**
 * The map of client, API and worker. A link or a service that is chosen sends `choose` with its
 * target as detail.
 */
export class LabMap extends HTMLElement {
  /** @type {Fault[]} */
  #faults = [];
  /** @type {Map<string, string>} */
  #titles = new Map();
  #flying = 0;
  #layer = svg("g", { class: "flights", "aria-hidden": "true" });

  /** @returns {void} */
  connectedCallback() {
    this.#draw();
  }

  /**
   * @param {Fault[]} faults
   * @param {Array<{target: string, kind: string, title: string}>} [kinds]
   * @returns {void}
   */
  show(faults, kinds) {
    this.#faults = faults;
    if (kinds) {
      this.#titles = new Map(kinds.map((kind) => [`${kind.target} ${kind.kind}`, kind.title]));
    }
    this.#draw();
  }

  /**
   * Lets the messages of ended calls move along their links.
   * @param {Array<{name: string, state: string, errorKind: string | null}>} spans
   * @returns {void}
   */
  move(spans) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden) return;
    for (const flight of spans.flatMap(flights)) {
      if (this.#flying >= MOST_FLIGHTS) return;
      this.#fly(flight);
    }
  }

  /** @returns {void} */
  #draw() {
    const focused = this.querySelector(":focus")?.getAttribute("data-target");
    const links = /** @type {LinkName[]} */ (Object.keys(LINKS)).map((name) => this.#link(name));
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": gettext("Network") },
      ...NODES.map((node) => this.#node(node)),
      ...links,
      this.#layer,
    );
    this.replaceChildren(picture);
    if (focused) {
      /** @type {HTMLElement} */ (this.querySelector(`[data-target="${focused}"]`))?.focus();
    }
  }

  /**
   * @param {{name: string, x: number, y: number}} node
   * @returns {SVGElement}
   */
  #node({ name, x, y }) {
    const isClient = name === "client";
    const height = isClient ? 90 : 130;
    const faults = this.#faults.filter((fault) => fault.target === name);
    const state = faults.map((fault) => this.#label(fault)).join(", ") || gettext("running");
    const title =
      { client: gettext("Client"), api: gettext("API"), worker: gettext("Worker") }[name];
    const where = { client: gettext("this browser"), api: ":4000", worker: ":4001" }[name];
    const middle = x + (isClient ? 65 : 70);
    const parts = [
      svg("rect", { x, y, width: isClient ? 130 : 140, height, rx: 12 }),
      svg("text", { x: middle, y: y + 36, class: "name" }, title ?? name),
      svg("text", { x: middle, y: y + 56, class: "where" }, where ?? ""),
    ];
    if (isClient) return svg("g", { class: "node client" }, ...parts);
    parts.push(svg("text", { x: middle, y: y + 96, class: "state" }, state));
    const broken = faults.length > 0 ? " broken" : "";
    return this.#control(name, `node ${name}${broken}`, `${title}: ${state}`, parts);
  }

  /**
   * @param {LinkName} name
   * @returns {SVGElement}
   */
  #link(name) {
    const { from, to, y, text } = LINKS[name];
    const faults = this.#faults.filter((fault) => fault.target === name);
    const looks = look(faults);
    const way = Math.sign(to - from);
    const tip = to - way * 4;
    const state = faults.map((fault) => this.#label(fault)).join(", ") || gettext("whole");
    const middle = (from + to) / 2;
    const parts = [
      svg("rect", {
        class: "hit",
        x: Math.min(from, to),
        y: Math.min(y, text) - 20,
        width: Math.abs(to - from),
        height: 58,
        rx: 8,
      }),
      ...strokes(looks, from, to, y),
      svg("path", {
        class: "head",
        d: `M${tip - way * 11} ${y - 7} L${tip} ${y} L${tip - way * 11} ${y + 7}`,
      }),
      svg("text", { x: middle, y: text, class: "link-state" }, faults.length ? state : ""),
    ];
    return this.#control(name, `link ${looks}`, `${name}: ${state}`, parts);
  }

  /**
   * @param {string} target
   * @param {string} classes
   * @param {string} spoken
   * @param {SVGElement[]} parts
   * @returns {SVGElement}
   */
  #control(target, classes, spoken, parts) {
    const control = svg("g", {
      class: classes,
      role: "button",
      tabindex: 0,
      "data-target": target,
      "aria-haspopup": "dialog",
      "aria-label": spoken,
    }, ...parts);
    const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: target }));
    control.addEventListener("click", choose);
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
    return control;
  }

  /**
   * @param {Fault} fault
   * @returns {string}
   */
  #label(fault) {
    return label(fault, this.#titles.get(`${fault.target} ${fault.kind}`) ?? fault.kind);
  }

  /**
   * @param {import("../model/map.js").Flight} flight
   * @returns {void}
   */
  #fly(flight) {
    const { from, to, y } = LINKS[/** @type {LinkName} */ (flight.link)];
    const [start, end] = flight.stream === "request" ? [from, to] : [to, from];
    const reached = start + (end - start) * flight.reach;
    const dot = svg("circle", { cx: start, cy: y, r: 5, class: flight.stream });
    this.#flying++;
    this.#layer.append(dot);
    const moving = dot.animate(
      [{ transform: "none" }, { transform: `translateX(${reached - start}px)` }],
      {
        duration: FLIGHT_MS,
        delay: flight.stream === "request" ? 0 : FLIGHT_MS / 2,
        easing: "ease-in-out",
        fill: "both",
      },
    );
    moving.finished.finally(() => {
      dot.remove();
      if (!flight.lost) {
        this.#flying--;
        return;
      }
      const cross = svg("path", {
        class: "lost",
        d: `M${reached - 7} ${y - 7}l14 14m0 -14l-14 14`,
      });
      this.#layer.append(cross);
      cross.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FLIGHT_MS }).finished.finally(
        () => {
          cross.remove();
          this.#flying--;
        },
      );
    });
  }
}

/**
 * Draws the line of a link in the way of its fault: no two look alike without their colour.
 * @param {string} looks
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @returns {SVGElement[]}
 */
function strokes(looks, from, to, y) {
  const middle = (from + to) / 2;
  const way = Math.sign(to - from);
  const line = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ at = y) =>
    svg("line", { class: "line", x1: a, y1: at, x2: b, y2: at });
  const cross = (/** @type {number} */ x) =>
    svg("path", { class: "mark", d: `M${x - 9} ${y - 9}l18 18m0 -18l-18 18` });
  switch (looks) {
    case "cut":
      return [line(from, middle - way * 22), line(middle + way * 22, to), cross(middle)];
    case "request-lost":
      return [line(from, middle), cross(middle)];
    case "response-lost":
      return [
        line(from, to, y - 4),
        svg("line", { class: "line faint", x1: to, y1: y + 8, x2: middle, y2: y + 8 }),
        svg("path", { class: "mark", d: `M${middle - 7} ${y + 1}l14 14m0 -14l-14 14` }),
      ];
    case "double":
      return [line(from, to, y - 4), line(from, to, y + 4)];
    case "flapping": {
      const step = (to - from) / 8;
      const points = Array.from(
        { length: 9 },
        (_, n) => `${from + n * step},${y + (n % 2 ? -8 : 8)}`,
      );
      return [svg("polyline", { class: "line", points: points.join(" ") })];
    }
    case "slow":
      return [
        line(from, to),
        svg("circle", { class: "mark clock", cx: middle, cy: y, r: 11 }),
        svg("path", { class: "mark", d: `M${middle} ${y - 6}v6l4 3` }),
      ];
    default:
      return [line(from, to)];
  }
}

customElements.define("lab-map", LabMap);
