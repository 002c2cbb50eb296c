import { build, button } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { exactTime } from "../../../base/time.js";
import { Axis } from "../../../model/trace/axis.js";
import { playedTo, reached, speedFor, SPEEDS, stepped } from "../../../model/trace/past/replay.js";

/** @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState */

const STEPS = 1000;
/** @type {Record<string, string>} */
const SPEED_NAMES = { 1: "1×", 0.1: "1/10×", 0.01: "1/100×" };

/**
 * Moves the moment that all views show: to the next event and the one before, at a speed, to any
 * place. At rest it is at the end, also in a trace that still grows.
 */
export class Replay {
  /** Opens the controls; to be put beside the views. */
  opener = this.#tool("clock", gettext("Go through time"), () => this.#toggle());
  element = build("div", { class: "replay", role: "group", "aria-label": gettext("Time") });
  /** @type {() => number[]} */
  #findMoments = () => [];
  /** @type {number[] | null} found when they are asked for */
  #found = null;
  #axis = new Axis(0, 1);
  #zero = 0;
  #opened = false;
  #frame = 0;
  /** @type {number | null} where it is being played; between two events the views may lag */
  #playing = null;
  #back = this.#tool("left", gettext("To the event before"), () => this.step(-1), ",");
  #play = this.#tool("play", gettext("Play"), () => this.play(), "Space");
  #forward = this.#tool("right", gettext("To the next event"), () => this.step(1), ".");
  #range = /** @type {HTMLInputElement} */ (build("input", {
    type: "range",
    min: "0",
    max: String(STEPS),
    "aria-label": gettext("Moment that is shown"),
  }));
  #time = build("output");
  #speed = /** @type {HTMLSelectElement} */ (build(
    "select",
    { "aria-label": gettext("Speed") },
    ...SPEEDS.map((speed) => build("option", { value: String(speed) }, SPEED_NAMES[speed] ?? "")),
  ));
  #chosen = false;
  #end = button(gettext("To the end"), () => this.close());
  #state;

  /** @param {ViewState} state that the views share */
  constructor(state) {
    this.#state = state;
    this.element.append(
      this.#back,
      this.#play,
      this.#forward,
      this.#range,
      this.#time,
      this.#speed,
      this.#end,
    );
    this.#speed.addEventListener("change", () => this.#chosen = true);
    this.#range.addEventListener("input", () => {
      const share = Number(this.#range.value) / STEPS;
      this.#stop();
      state.set({ at: share >= 1 ? null : this.#axis.moment(share) });
    });
    this.#range.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.step(step > 0 ? 1 : -1);
    });
    state.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.includes("at")) this.#draw();
    });
    this.#draw();
  }

  /**
   * @param {() => number[]} findMoments whenever something happens in the trace
   * @param {Axis} axis
   * @param {number} zero what is called 0
   * @returns {void}
   */
  show(findMoments, axis, zero) {
    this.#findMoments = findMoments;
    this.#found = null;
    this.#axis = axis;
    this.#zero = zero;
    if (!this.#chosen) this.#speed.value = String(speedFor(axis.active));
    this.#draw();
  }

  /** @returns {number[]} */
  get #moments() {
    return this.#found ??= this.#findMoments();
  }

  /**
   * The last moment of which anything is on record by the one that is shown; null at the end.
   * @returns {number | null}
   */
  get reached() {
    const { at } = this.#state.state;
    return at === null ? null : reached(this.#moments, at);
  }

  /**
   * @param {1 | -1} step
   * @returns {void}
   */
  step(step) {
    this.#stop();
    this.#state.set({ at: stepped(this.#moments, this.#state.state.at, step) });
  }

  /**
   * Plays on, from the beginning when it is at the end; or stops.
   * @returns {void}
   */
  play() {
    if (this.#playing !== null) return this.#stop();
    this.#playing = this.#state.state.at ?? this.#moments[0] ?? 0;
    this.#state.set({ at: this.#playing });
    let before = performance.now();
    const frame = (/** @type {number} */ now) => {
      const { at } = this.#state.state;
      if (this.#playing === null || at === null || !this.element.isConnected) return this.#stop();
      const passed = (now - before) * 1e6 * Number(this.#speed.value);
      before = now;
      const to = playedTo(this.#playing, Math.max(0, passed), this.#axis);
      this.#playing = to;
      this.#state.set({ at: to === null || !calm() ? to : reached(this.#moments, to) });
      if (to === null) this.#stop();
      else this.#frame = requestAnimationFrame(frame);
    };
    this.#frame = requestAnimationFrame(frame);
    this.#draw();
  }

  /** @returns {void} */
  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#playing = null;
    this.#draw();
  }

  /** @returns {void} */
  #toggle() {
    if (this.#opened || this.#state.state.at !== null) return this.close();
    this.#opened = true;
    this.#draw();
    this.#back.focus();
  }

  /**
   * Goes to the end, and rests there.
   * @returns {void}
   */
  close() {
    this.#opened = false;
    this.#stop();
    if (this.element.contains(document.activeElement)) this.opener.focus();
    this.#state.set({ at: null });
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const { at } = this.#state.state;
    const moment = at ?? this.#axis.last;
    const shown = this.#opened || at !== null;
    const text = at === null ? gettext("the end") : exactTime((at - this.#zero) / 1e6);
    this.element.hidden = !shown;
    this.opener.setAttribute("aria-pressed", String(shown));
    this.#time.textContent = text;
    this.#range.value = String(Math.round(this.#axis.position(moment) * STEPS));
    this.#range.setAttribute("aria-valuetext", text);
    this.#back.disabled = at !== null && at <= (this.#moments[0] ?? 0);
    this.#forward.disabled = at === null;
    const playing = this.#playing !== null;
    const label = playing ? gettext("Pause") : gettext("Play");
    if (this.#play.title.startsWith(label)) return;
    this.#play.replaceChildren(icon(playing ? "pause" : "play"));
    this.#play.setAttribute("aria-label", label);
    this.#play.title = `${label} (Space)`;
  }

  /**
   * @param {import("../../../base/icons.js").IconName} name
   * @param {string} label
   * @param {() => void} pressed
   * @param {string} [key] that does the same
   * @returns {HTMLButtonElement}
   */
  #tool(name, label, pressed, key) {
    const made = button("", pressed, {
      class: "bare",
      "aria-label": label,
      title: key ? `${label} (${key})` : label,
      ...(key ? { "aria-keyshortcuts": key } : {}),
    });
    made.append(icon(name));
    return made;
  }
}

/** @returns {boolean} whether nothing should move by itself, but from event to event */
function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
