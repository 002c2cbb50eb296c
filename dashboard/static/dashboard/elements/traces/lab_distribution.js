import { build, pointerFraction, svg } from "../../base/dom.js";
import { formatted, gettext, interpolate, ngettext } from "../../base/i18n.js";
import { briefly, duration } from "../../base/time.js";
import {
  brushedDurations,
  brushedMoments,
  columns,
  decades,
  percentileMarks,
  placeOf,
  rate,
} from "../../model/traces/distribution.js";

/**
 * @typedef {import("../../model/traces/distribution.js").Distribution} Distribution
 * @typedef {import("../../model/traces/distribution.js").Counts} Counts
 */

const LEAST_SHARE = 0.005;
/** Of less, not even the number a day says anything. */
const LEAST_RATE = 0.1;

/**
 * How the traces that the filters find are spread over durations and over time; a part of either that is
 * brushed is sent as `brush`, as what the filters take.
 */
export class LabDistribution extends HTMLElement {
  /**
   * @param {Distribution} distribution
   * @returns {void}
   */
  show(distribution) {
    this.hidden = !distribution.count;
    if (!distribution.count) return;
    this.replaceChildren(this.#durations(distribution), this.#moments(distribution));
  }

  /**
   * @param {Distribution} distribution
   * @returns {HTMLElement}
   */
  #durations({ count, more, durations: { buckets, percentiles } }) {
    const marks = percentileMarks(buckets, percentiles).map(({ name, place }) => mark(name, place));
    const picture = this.#histogram(
      gettext("Traces by duration"),
      buckets,
      (from, to) => brushedDurations(buckets, from, to),
    );
    const texts = Object.entries(percentiles).map(([name, ms]) => `${name} ${duration(ms)}`);
    return card(
      gettext("Durations"),
      more
        ? interpolate(gettext("the newest %(count)s"), { count: formatted(count) })
        : ngettext("%s trace", "%s traces", count),
      texts.join(" · "),
      build("div", { class: "plot" }, picture, ...marks),
      axis(decades(buckets).map((ms) => [round(ms), placeOf(buckets, ms)])),
    );
  }

  /**
   * @param {Distribution} distribution
   * @returns {HTMLElement}
   */
  #moments(distribution) {
    const { count, errorCount, moments: { fromUnixNano, toUnixNano, buckets } } = distribution;
    const [first, last] = [BigInt(fromUnixNano), BigInt(toUnixNano)];
    const share = `${((errorCount / count) * 100).toFixed(1)} %`;
    const picture = this.#histogram(
      gettext("Traces by time, those with an error in red"),
      buckets,
      (from, to) => brushedMoments(first, last, from, to),
    );
    return card(
      gettext("Rate and errors"),
      rateText(rate(distribution)),
      interpolate(gettext("%(share)s with an error"), { share }),
      build("div", { class: "plot" }, picture),
      axis([[briefly(fromUnixNano), 0], [briefly(toUnixNano), 1]]),
    );
  }

  /**
   * @param {string} title
   * @param {Counts[]} buckets
   * @param {(from: number, to: number) => Record<string, string>} brushed
   * @returns {SVGElement}
   */
  #histogram(title, buckets, brushed) {
    const brush = svg("rect", { class: "brush", y: 0, height: 100, width: 0 });
    const picture = svg(
      "svg",
      { role: "img", "aria-label": title, viewBox: "0 0 100 100", preserveAspectRatio: "none" },
      ...columns(buckets).flatMap(({ x, width, height, failed }) => [
        bar("", x, width, height),
        ...(failed ? [bar("failed", x, width, failed)] : []),
      ]),
      brush,
    );
    picture.append(svg("title", {}, gettext("Drag to choose a part.")));
    picture.addEventListener("pointerdown", (event) => {
      const from = pointerFraction(event, picture);
      picture.setPointerCapture(event.pointerId);
      const move = (/** @type {PointerEvent} */ moved) => {
        const to = pointerFraction(moved, picture);
        brush.setAttribute("x", String(Math.min(from, to) * 100));
        brush.setAttribute("width", String(Math.abs(to - from) * 100));
      };
      picture.addEventListener("pointermove", move);
      picture.addEventListener("pointerup", (ended) => {
        picture.removeEventListener("pointermove", move);
        const to = pointerFraction(ended, picture);
        if (Math.abs(to - from) < LEAST_SHARE) return;
        this.dispatchEvent(new CustomEvent("brush", { detail: brushed(from, to) }));
      }, { once: true });
    });
    return picture;
  }
}

/**
 * @param {number | null} perSecond
 * @returns {string} by the unit of time in which it is a number that can be read; empty without one
 */
function rateText(perSecond) {
  /** @type {Array<[number, string]>} */
  const units = [
    [1, gettext("%(rate)s/s")],
    [60, gettext("%(rate)s/min")],
    [3_600, gettext("%(rate)s/h")],
    [86_400, gettext("%(rate)s/d")],
  ];
  const [seconds, text] = units.find(([each]) => (perSecond ?? 0) * each >= LEAST_RATE) ?? [0, ""];
  return interpolate(text, {
    rate: Number(((perSecond ?? 0) * seconds).toPrecision(2)).toString(),
  });
}

/**
 * @param {number} ms
 * @returns {string} without decimals
 */
function round(ms) {
  return duration(ms).replace(/\.0+ /, " ");
}

/**
 * @param {string} name
 * @param {number} x from 0 to 1
 * @param {number} width from 0 to 1
 * @param {number} height from 0 to 1
 * @returns {SVGElement}
 */
function bar(name, x, width, height) {
  return svg("rect", {
    class: name || "all",
    x: x * 100 + width * 8,
    width: width * 84,
    y: 100 - height * 100,
    height: height * 100,
  });
}

/**
 * @param {string} name of a percentile
 * @param {number} place from 0 to 1
 * @returns {HTMLElement}
 */
function mark(name, place) {
  const shown = build("span", { class: "mark" }, name);
  shown.style.left = `${place * 100}%`;
  return shown;
}

/**
 * @param {Array<[string, number]>} labels with their places, from 0 to 1
 * @returns {HTMLElement}
 */
function axis(labels) {
  return build(
    "div",
    { class: "axis" },
    ...labels.map(([text, place]) => {
      const label = build("span", {}, text);
      label.style.left = `${place * 100}%`;
      label.style.translate = `${-place * 100}% 0`;
      return label;
    }),
  );
}

/**
 * @param {string} title
 * @param {string} note
 * @param {string} figures
 * @param {...HTMLElement} parts
 * @returns {HTMLElement}
 */
function card(title, note, figures, ...parts) {
  const head = [build("h2", {}, title), build("span", {}, figures), build("span", {}, note)];
  return build("div", { class: "chart" }, build("div", { class: "top" }, ...head), ...parts);
}

customElements.define("lab-distribution", LabDistribution);
