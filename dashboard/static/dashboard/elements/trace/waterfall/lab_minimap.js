import { build, pointerFraction } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { afterPaint } from "../../../base/scheduling.js";
import { axisOf } from "../../../model/trace/layout.js";
import { pixelsOf } from "../../../model/trace/sums/pixel_map.js";
import { hue } from "../../../base/palette.js";

/**
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 */

const HEIGHT = 44;
const LEAST_SHARE = 0.01;
/** Of more rows each pixel is coloured, instead of a line for each row. */
const MOST_LINES = 1_000;

/** The whole trace, small; a part that is dragged over is zoomed to. */
export class LabMinimap extends HTMLElement {
  /** @type {import("../../../model/trace/view_state.js").ViewState | null} */
  #view = null;
  /** @type {Layout | null} */
  #layout = null;
  /** @type {[Layout | null, number, boolean]} what is drawn: of which layout, how wide, with silences */
  #drawn = [null, 0, false];
  #canvas = /** @type {HTMLCanvasElement} */ (build("canvas", {
    role: "img",
    "aria-label": gettext("The whole trace; drag over a part to zoom to it"),
  }));
  #window = build("div", { class: "window", "aria-hidden": "true" });
  #probe = build("span", { hidden: "" });
  #resized = new ResizeObserver(() => this.#draw());
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => this.#draw();
  #drawSoon = afterPaint(this.#redraw);
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
    const [drawn, width, unfolded] = this.#drawn;
    const isDrawn = drawn === layout && width === this.clientWidth &&
      unfolded === this.#view?.state.unfolded;
    if (isDrawn) this.#showZoom(this.#axis(layout));
    // Colouring the pixels of many rows takes longer than the rows in sight, which come first.
    else if (layout.listed.length > MOST_LINES) this.#drawSoon();
    else this.#draw();
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
    if (layout.listed.length > MOST_LINES) this.#drawPixels(context, layout, axis);
    else this.#drawLines(context, layout, axis);
    this.#drawn = [layout, width, this.#view.state.unfolded];
    this.#showZoom(axis);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Layout} layout
   * @param {Axis} axis
   * @returns {void}
   */
  #drawLines(context, { listed }, axis) {
    const width = this.clientWidth;
    const step = (HEIGHT - 4) / Math.max(listed.length, 1);
    const thick = Math.min(4, Math.max(1, step * 0.7));
    const colourOf = this.#colours();
    listed.forEach(({ span, start, end }, index) => {
      context.fillStyle = colourOf(span.failed ? "bad" : hue(span.service));
      const x = axis.position(start) * width;
      context.fillRect(
        x,
        2 + Math.min(index * step, HEIGHT - 6),
        Math.max(1, axis.position(end) * width - x),
        thick,
      );
    });
  }

  /**
   * Of more rows than lines fit.
   * @param {CanvasRenderingContext2D} context
   * @param {Layout} layout
   * @param {Axis} axis
   * @returns {void}
   */
  #drawPixels(context, { tree }, axis) {
    const { width, height } = this.#canvas;
    const { pixels, services } = pixelsOf(tree, axis, { width, height });
    const colourOf = this.#colours();
    const bytes = inBytes(["bad", ...services.map(hue)].map(colourOf));
    const image = context.createImageData(width, height);
    const drawn = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at++) {
      const colour = pixels[at];
      if (colour) drawn[at] = bytes[colour - 1] ?? 0;
    }
    context.putImageData(image, 0, 0);
  }

  /** @returns {(name: string) => string} the colours that the theme gives, each looked up once */
  #colours() {
    /** @type {Map<string, string>} */
    const known = new Map();
    return (name) => {
      let colour = known.get(name);
      if (colour === undefined) known.set(name, colour = this.#colour(name));
      return colour;
    };
  }

  /**
   * @param {Axis} axis
   * @returns {void}
   */
  #showZoom(axis) {
    if (!this.#view) return;
    const { zoom } = this.#view.state;
    this.#window.hidden = !zoom;
    if (zoom) this.#showWindow(axis.position(zoom.from), axis.position(zoom.to));
  }

  /**
   * @param {Layout} layout
   * @returns {Axis}
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

/**
 * @param {string[]} colours as style sheets write them
 * @returns {Uint32Array} as pictures have them
 */
function inBytes(colours) {
  const canvas = /** @type {HTMLCanvasElement} */ (build("canvas", { height: "1" }));
  canvas.width = colours.length;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return new Uint32Array(colours.length);
  colours.forEach((colour, at) => {
    context.fillStyle = colour;
    context.fillRect(at, 0, 1, 1);
  });
  return new Uint32Array(context.getImageData(0, 0, colours.length, 1).data.buffer);
}

customElements.define("lab-minimap", LabMinimap);
