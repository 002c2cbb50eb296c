import { build, pointerFraction, svg } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { clock, duration } from "../../base/time.js";
import { brushed, longestOf, strip } from "../../model/traces/strip.js";

const HEIGHT = 64;
const LEAST_SHARE = 0.005;

/** Traces as dots by time and duration; a part that is brushed is sent as `brush`. */
export class LabStrip extends HTMLElement {
  #first = 0n;
  #last = 0n;
  #from = 0;

  /**
   * @param {Array<{startTimeUnixNano: string, durationMs: number, errorCount: number}>} traces
   * @returns {void}
   */
  show(traces) {
    const { dots, first, last } = strip(traces);
    this.#first = first;
    this.#last = last;
    const points = dots.map((dot, index) => {
      const x = `${1 + dot.x * 98}%`;
      const y = HEIGHT - 12 - dot.y * (HEIGHT - 24);
      // Failed ones have a shape of their own, not a colour alone.
      return traces[index]?.errorCount
        ? svg("text", { class: "failed", x, y: y + 5 }, "✕")
        : svg("circle", { cx: x, cy: y, r: 4 });
    });
    const brush = svg("rect", { class: "brush", y: 0, height: HEIGHT, width: 0 });
    const picture = svg(
      "svg",
      {
        role: "img",
        "aria-label": gettext("Traces by time and duration"),
      },
      brush,
      ...points,
    );
    picture.addEventListener("pointerdown", (event) => this.#begin(event, picture, brush));
    const longest = traces.length ? longestOf(traces) : 0;
    this.hidden = !traces.length;
    this.replaceChildren(
      picture,
      build("span", { class: "longest" }, duration(longest)),
      build("span", { class: "time" }, clock(String(first))),
      build("span", { class: "hint" }, gettext("Drag to choose a time.")),
      build("span", { class: "time" }, clock(String(last))),
    );
  }

  /**
   * @param {PointerEvent} event
   * @param {SVGElement} picture
   * @param {SVGElement} brush
   * @returns {void}
   */
  #begin(event, picture, brush) {
    this.#from = pointerFraction(event, picture);
    picture.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ moved) => {
      const to = pointerFraction(moved, picture);
      brush.setAttribute("x", `${Math.min(this.#from, to) * 100}%`);
      brush.setAttribute("width", `${Math.abs(to - this.#from) * 100}%`);
    };
    picture.addEventListener("pointermove", move);
    picture.addEventListener("pointerup", (ended) => {
      picture.removeEventListener("pointermove", move);
      const to = pointerFraction(ended, picture);
      if (Math.abs(to - this.#from) < LEAST_SHARE) return;
      const detail = brushed(this.#first, this.#last, this.#from, to);
      this.dispatchEvent(new CustomEvent("brush", { detail }));
    }, { once: true });
  }
}

customElements.define("lab-strip", LabStrip);
