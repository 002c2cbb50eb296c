import { build, button } from "/static/dashboard/base/dom.js";
import { gettext, interpolate } from "/static/dashboard/base/i18n.js";
import { timeLeft } from "../../model/countdown.js";

const COPIED_MS = 1500;
const TICK_MS = 500;

/** What can be done while a mystery is on, and how long it still is. */
export class ControlBar {
  #clock = build("p", { class: "clock mono" });
  #place;
  #share = button(gettext("Copy link"), () => this.#copyLink());
  #seed = "";
  #untilMs = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /**
   * @param {() => void} onPlace
   * @param {() => void} onLeave
   */
  constructor(onPlace, onLeave) {
    this.#place = button(gettext("Place an order"), onPlace, { class: "primary" });
    this.element = build(
      "div",
      { class: "row controls" },
      this.#place,
      this.#clock,
      this.#share,
      button(gettext("Give up"), onLeave),
    );
  }

  /**
   * Counts down from now on.
   * @param {{seed: string, remainingSeconds: number}} mystery
   * @returns {void}
   */
  show({ seed, remainingSeconds }) {
    this.#seed = seed;
    this.#untilMs = performance.now() + remainingSeconds * 1000;
    this.stop();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  /** @returns {void} */
  stop() {
    clearInterval(this.#ticking);
  }

  /** @param {boolean} busy whether an order is being placed */
  set busy(busy) {
    this.#place.disabled = busy;
  }

  /** @returns {void} */
  focus() {
    this.#place.focus();
  }

  /** @returns {void} */
  #tick() {
    const left = timeLeft(this.#untilMs, performance.now());
    this.#clock.textContent = left
      ? interpolate(gettext("%(minutes)s:%(seconds)s left"), left)
      : gettext("Time is up: the lab has healed. You can still answer.");
    this.#place.disabled ||= left === null;
  }

  /** @returns {Promise<void>} */
  async #copyLink() {
    const seed = encodeURIComponent(this.#seed);
    await navigator.clipboard.writeText(`${location.origin}/lesson/mystery?seed=${seed}`);
    this.#share.textContent = gettext("Copied");
    setTimeout(() => {
      this.#share.textContent = gettext("Copy link");
    }, COPIED_MS);
  }
}
