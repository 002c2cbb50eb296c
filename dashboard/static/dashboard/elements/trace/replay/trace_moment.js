import { oneAtATime } from "../../../base/scheduling.js";
import { exactTime } from "../../../base/time.js";
import { axisOf } from "../../../model/trace/layout.js";
import { EvidenceLoader } from "../../../wire/evidence.js";
import { Replay } from "./replay.js";

/**
 * @typedef {import("../../../wire/evidence.js").Evidence} Evidence
 * @typedef {import("../../../wire/trace_loader.js").TraceLoader} TraceLoader
 * @typedef {import("../../../model/trace/messages/message.js").Known} Known
 *
 * @typedef {object} Shows What shows it.
 * @property {(evidence: Evidence, ofEnd: Evidence) => Promise<void>} evidence
 * @property {() => void} moment another moment is shown, of which the evidence comes later
 * @property {(moment: {known: Known, at: number, time: string} | null) => void} drawn what is known
 *   of the moment that is shown; null at the end
 * @property {(error: unknown) => void} error
 */

/** The moment of a trace that is shown: its records at once, what they prove once that has come. */
export class TraceMoment {
  replay;
  /** @type {bigint | null} the moment that an address names, until it can be told from the records */
  addressed = null;
  /** @type {TraceLoader | null} */
  #loader = null;
  #source = new EvidenceLoader("");
  #frame = 0;
  /** @type {bigint | null | undefined} of which the evidence is shown */
  #shown;
  #state;
  #views;
  #shows;
  #loadSerially = oneAtATime(() => this.#load());

  /**
   * @param {import("../../../model/trace/view_state.js").ViewState} state
   * @param {import("../trace_views.js").TraceViews} views
   * @param {Shows} shows
   */
  constructor(state, views, shows) {
    this.#state = state;
    this.#views = views;
    this.#shows = shows;
    this.replay = new Replay(state);
    state.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.includes("at")) this.#drawSoon();
      else if (names.includes("zoom") || names.includes("unfolded")) this.#showReplay();
    });
  }

  /** @returns {bigint | null} in Unix nanoseconds; null for the end */
  get unixNano() {
    const { reached } = this.replay;
    const base = this.#loader?.base ?? null;
    if (reached === null || base === null) return this.addressed;
    return base + BigInt(Math.round(reached));
  }

  /**
   * Draws the records of a trace that have come, and then what they prove.
   * @param {TraceLoader} loader
   * @returns {Promise<void>}
   */
  async show(loader) {
    if (this.#loader !== loader) this.#source = new EvidenceLoader(loader.traceId);
    this.#loader = loader;
    this.#source.forget();
    this.#shown = undefined;
    this.#views.draw(loader);
    this.#showReplay();
    if (this.addressed !== null && loader.base !== null) {
      const at = Number(this.addressed - loader.base);
      this.addressed = null;
      const { first, last } = this.#views.whole;
      // One that is of another trace is the end of this one.
      if (at >= first && at < last) this.#state.set({ at });
    }
    await this.#loadSerially();
  }

  /** @returns {Promise<void>} */
  async #load() {
    const [loader, { side }, moment] = [this.#loader, this.#views, this.unixNano];
    if (!loader) return;
    const { offsets } = this.#state.state;
    try {
      const [evidence, ofEnd] = await Promise.all([
        this.#source.load(side, offsets, moment),
        this.#source.load(side, offsets),
      ]);
      // Another trace, side or moment that was chosen meanwhile is loaded next.
      const isShown = () =>
        this.#loader === loader && this.#views.side === side && this.unixNano === moment;
      if (!isShown()) return;
      await this.#shows.evidence(evidence, ofEnd);
      if (!isShown()) return;
      this.#shown = moment;
      this.#draw(loader);
      this.#showReplay();
    } catch (error) {
      this.#shows.error(error);
    }
  }

  /**
   * Draws the moment that is shown, once for all changes within a frame.
   * @returns {void}
   */
  #drawSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (!this.#loader) return;
      this.#draw(this.#loader);
      if (this.#shown === this.unixNano) return;
      this.#shown = undefined;
      this.#shows.moment();
      this.#loadSerially();
    });
  }

  /**
   * @param {TraceLoader} loader
   * @returns {void}
   */
  #draw(loader) {
    const { at } = this.#state.state;
    this.#views.drawMoment(loader);
    const time = exactTime(((at ?? 0) - this.#views.whole.first) / 1e6);
    this.#shows.drawn(at === null ? null : { known: this.#views.known(loader), at, time });
  }

  /** @returns {void} */
  #showReplay() {
    const { whole } = this.#views;
    const loader = this.#loader;
    if (!loader) return;
    const axis = axisOf(whole, this.#state.state);
    this.replay.show(() => this.#views.moments(loader), axis, whole.first);
  }
}
