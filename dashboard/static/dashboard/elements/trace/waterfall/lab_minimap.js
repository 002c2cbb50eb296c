import { build, pointerFraction } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { axisOf } from "../../../model/trace/layout.js";
import { hue } from "../../../base/palette.js";

/** @typedef {import("../../../model/trace/layout.js").Layout} Layout */

const HEIGHT = 44;
const LEAST_SHARE = 0.01;
const MOST_LINES = 3_000;

/** The whole trace, small; a part that is dragged over is zoomed to. */
export class LabMinimap extends HTMLElement {
  /** @type {import("../../../model/trace/view_state.js").ViewState | null} */
  #view = null;
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
  #themed = new MutationObserver(this.#redraw);

  /**
   * @param {import("../../../model/trace/view_state.js").ViewState} view
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
  }

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#canvas, this.#window, this.#probe);
    this.#canvas.onpointerdown = (event) => this.#begin(event);
    this.#resized.observe(this);
    this.#dark.addEventListener("change", this.#redraw);
    this.#themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** @returns {void} */
  disconnectedCallback() {
    this.#resized.disconnect();
    this.#dark.removeEventListener("change", this.#redraw);
    this.#themed.disconnect();
  }

  /**
   * @param {Layout} layout
   * @returns {void}
   */
  show(layout) {
    this.#layout = layout;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const layout = this.#layout;
    const width = this.clientWidth;
    const context = this.#canvas.getContext("2d");
    if (!layout || !this.#view || !width || !context) return;
    const sharp = devicePixelRatio || 1;
    this.#canvas.width = width * sharp;
    this.#canvas.height = HEIGHT * sharp;
    context.scale(sharp, sharp);
    const axis = this.#axis(layout);
    const step = (HEIGHT - 4) / Math.max(layout.listed.length, 1);
    const thick = Math.min(4, Math.max(1, step * 0.7));
    /** @type {Map<string, string>} */
    const colours = new Map();
    // Of far more rows than pixels a sample is drawn, and all that failed.
    const stride = Math.ceil(layout.listed.length / MOST_LINES);
    layout.listed.forEach((row, index) => {
      if (index % stride && !row.span.failed) return;
      const name = row.span.failed ? "bad" : hue(row.span.service);
      let colour = colours.get(name);
      if (colour === undefined) colours.set(name, colour = this.#colour(name));
      context.fillStyle = colour;
      const x = axis.position(row.start) * width;
      context.fillRect(
        x,
        2 + Math.min(index * step, HEIGHT - 6),
        Math.max(1, axis.position(row.end) * width - x),
        thick,
      );
    });
    const { zoom } = this.#view.state;
    this.#window.hidden = !zoom;
    if (zoom) this.#showWindow(axis.position(zoom.from), axis.position(zoom.to));
  }

  /**
   * @param {Layout} layout
   * @returns {import("../../../model/trace/axis.js").Axis}
   */
  #axis(layout) {
    const { state } =
      /** @type {import("../../../model/trace/view_state.js").ViewState} */ (this.#view);
    return axisOf(layout, { ...state, zoom: null });
  }

  /**
   * @param {string} name
   * @returns {string} the colour that the theme gives it
   */
  #colour(name) {
    this.#probe.className = `ink ${name}`;
    const style = getComputedStyle(this.#probe);
    // That of the bars; what failed has none.
    return style.getPropertyValue("--service-fill") || style.color;
  }

  /**
   * @param {PointerEvent} began
   * @returns {void}
   */
  #begin(began) {
    const layout = this.#layout;
    if (!layout) return;
    const axis = this.#axis(layout);
    const from = pointerFraction(began, this.#canvas);
    this.#canvas.setPointerCapture(began.pointerId);
    this.#canvas.onpointermove = (event) => {
      const to = pointerFraction(event, this.#canvas);
      this.#window.hidden = false;
      this.#showWindow(Math.min(from, to), Math.max(from, to));
    };
    this.#canvas.onpointerup = (event) => {
      this.#canvas.onpointermove = null;
      this.#canvas.onpointerup = null;
      const to = pointerFraction(event, this.#canvas);
      const [low, high] = [axis.moment(Math.min(from, to)), axis.moment(Math.max(from, to))];
      const zoom = Math.abs(to - from) < LEAST_SHARE ? null : { from: low, to: high };
      this.#view?.set({ zoom });
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
}

customElements.define("lab-minimap", LabMinimap);
