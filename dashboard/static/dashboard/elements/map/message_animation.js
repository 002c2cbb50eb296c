import { svg } from "../../base/dom.js";

const MOST_MOVING = 12;
const DURATION_MS = 700;
const MIDWAY = 0.5;

/** Messages that move along the links of the map. */
export class MessageAnimation {
  element = svg("g", { class: "flights", "aria-hidden": "true" });
  #moving = 0;
  /** @type {Map<string, string>} the paths of the links */
  #paths = new Map();

  /** @param {import("../../model/system.js").Wire[]} wires */
  set wires(wires) {
    this.#paths = new Map(wires.map(({ name, path }) => [name, path]));
  }

  /**
   * Lets messages move, up to a bound. Where less motion is preferred, each is a still sign for a while, on
   * its link or where it ended.
   * @param {import("../../model/map.js").MovingMessage[]} messages
   * @returns {void}
   */
  start(messages) {
    if (document.hidden) return;
    for (const message of messages.slice(0, MOST_MOVING - this.#moving)) this.#move(message);
  }

  /**
   * Shows messages that stand where they were at a moment, instead of those that move.
   * @param {import("../../model/map.js").MovingMessage[]} messages
   * @returns {void}
   */
  hold(messages) {
    this.element.replaceChildren(
      ...messages.slice(0, MOST_MOVING).flatMap(({ link, stream, reach }) => {
        const path = this.#paths.get(link);
        if (!path) return [];
        const dot = svg("circle", { r: 5, class: stream });
        dot.style.offsetPath = `path("${path}")`;
        dot.style.offsetDistance = `${(stream === "request" ? reach : 1 - reach) * 100}%`;
        return [dot];
      }),
    );
  }

  /**
   * @param {import("../../model/map.js").MovingMessage} message
   * @returns {Promise<void>}
   */
  async #move({ link, stream, reach }) {
    const path = this.#paths.get(link);
    if (!path) return;
    this.#moving++;
    const dot = svg("circle", { r: 5, class: stream });
    dot.style.offsetPath = `path("${path}")`;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const place = reach < 1 ? reach : MIDWAY;
    const [from, to] = stream === "request"
      ? [still ? place : 0, still ? place : reach]
      : [still ? 1 - place : 1, 1 - (still ? place : reach)];
    this.element.append(dot);
    // An animation that the browser cancels ends as one that was shown to its end.
    await dot.animate([{ offsetDistance: `${from * 100}%` }, { offsetDistance: `${to * 100}%` }], {
      duration: DURATION_MS,
      delay: stream === "request" ? 0 : DURATION_MS / 2,
      easing: "ease-in-out",
      fill: "both",
    }).finished.catch(() => {});
    dot.remove();
    this.#moving--;
  }
}
