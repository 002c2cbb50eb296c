import { build } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { axisOf } from "../model/layout.js";
import { hue } from "../model/palette.js";

/** @typedef {import("../model/layout.js").Layout} Layout */

const HEIGHT = 44;
const LEAST_SHARE = 0.01;
const MOST_LINES = 3_000;

/** The whole trace, small; a part that is dragged over is zoomed to. */
export class LabMinimap extends HTMLElement {
  /** @type {import("../model/focus.js").Focus | null} */
  #focus = null;
  /** @type {Layout | null} */
  #layout = null;
  #canvas = /** @type {HTMLCanvasElement} */ (build("canvas", {
    role: "img",
    "aria-label": gettext("The whole trace; drag over a part to zoom to it"),
  }));
  #window = build("div", { class: "window", "aria-hidden": "true" });
  #probe = build("span", { hidden: "" });
  #resized = new ResizeObserver(() => this.#draw());
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => this.#draw();

  /**
   * @param {import("../model/focus.js").Focus} focus
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
  }

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#canvas, this.#window, this.#probe);
    this.#canvas.onpointerdown = (event) => this.#begin(event);
    this.#resized.observe(this);
    this.#dark.addEventListener("change", this.#redraw);
  }

  /** @returns {void} */
  disconnectedCallback() {
    this.#resized.disconnect();
    this.#dark.removeEventListener("change", this.#redraw);
  }

  /**
   * @param {Layout} laid
   * @returns {void}
   */
  show(laid) {
    this.#layout = laid;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const laid = this.#layout;
    const width = this.clientWidth;
    const context = this.#canvas.getContext("2d");
    if (!laid || !this.#focus || !width || !context) return;
    const sharp = devicePixelRatio || 1;
    this.#canvas.width = width * sharp;
    this.#canvas.height = HEIGHT * sharp;
    context.scale(sharp, sharp);
    const axis = this.#axis(laid);
    const step = (HEIGHT - 4) / Math.max(laid.listed.length, 1);
    const thick = Math.min(4, Math.max(1, step * 0.7));
    /** @type {Map<string, string>} */
    const colours = new Map();
    // Of a trace with far more rows than pixels some stand for the others, and all that failed.
    const stride = Math.ceil(laid.listed.length / MOST_LINES);
    laid.listed.forEach((row, index) => {
      if (index % stride && !row.span.failed) return;
      const name = row.span.failed ? "bad" : hue(row.span.service);
      let colour = colours.get(name);
      if (colour === undefined) colours.set(name, colour = this.#colour(name));
      context.fillStyle = colour;
      const x = axis.place(row.start) * width;
      context.fillRect(
        x,
        2 + Math.min(index * step, HEIGHT - 6),
        Math.max(1, axis.place(row.end) * width - x),
        thick,
      );
    });
    const { zoom } = this.#focus.state;
    this.#window.hidden = !zoom;
    if (zoom) this.#showWindow(axis.place(zoom.from), axis.place(zoom.to));
  }

  /**
   * @param {Layout} laid
   * @returns {import("../model/axis.js").Axis}
   */
  #axis(laid) {
    const { state } = /** @type {import("../model/focus.js").Focus} */ (this.#focus);
    return axisOf(laid, { ...state, zoom: null });
  }

  /**
   * @param {string} name
   * @returns {string} the colour that the theme gives it
   */
  #colour(name) {
    this.#probe.className = `ink ${name}`;
    return getComputedStyle(this.#probe).color;
  }

  /**
   * @param {PointerEvent} began
   * @returns {void}
   */
  #begin(began) {
    const laid = this.#layout;
    if (!laid) return;
    const axis = this.#axis(laid);
    const from = this.#share(began);
    this.#canvas.setPointerCapture(began.pointerId);
    this.#canvas.onpointermove = (event) => {
      const to = this.#share(event);
      this.#window.hidden = false;
      this.#showWindow(Math.min(from, to), Math.max(from, to));
    };
    this.#canvas.onpointerup = (event) => {
      this.#canvas.onpointermove = null;
      this.#canvas.onpointerup = null;
      const to = this.#share(event);
      const [low, high] = [axis.moment(Math.min(from, to)), axis.moment(Math.max(from, to))];
      const zoom = Math.abs(to - from) < LEAST_SHARE ? null : { from: low, to: high };
      this.#focus?.set({ zoom });
      this.#draw();
    };
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {void}
   */
  #showWindow(from, to) {
    this.#window.style.left = `${from * 100}%`;
    this.#window.style.width = `${(to - from) * 100}%`;
  }

  /**
   * @param {PointerEvent} event
   * @returns {number}
   */
  #share(event) {
    const box = this.#canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }
}

customElements.define("lab-minimap", LabMinimap);
