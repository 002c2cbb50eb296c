/**
 * @typedef {object} State What all views of one trace share.
 * @property {number | null} cursor a moment, in nanoseconds from the trace's base
 * @property {string} selected a span id, or empty
 * @property {{from: number, to: number} | null} zoom
 * @property {boolean} unfolded whether long silences are drawn in full
 * @property {ReadonlySet<string>} folded the spans whose descendants are folded away
 * @property {import("./trace.js").Offsets} offsets
 */

/** The state that the views of a trace share; tells of each change with `change`. */
export class Focus extends EventTarget {
  /** @type {State} */
  #state = {
    cursor: null,
    selected: "",
    zoom: null,
    unfolded: false,
    folded: new Set(),
    offsets: {},
  };

  /** @returns {Readonly<State>} */
  get state() {
    return this.#state;
  }

  /**
   * @param {Partial<State>} changed
   * @returns {void}
   */
  set(changed) {
    const names = /** @type {Array<keyof State>} */ (Object.keys(changed)).filter((name) =>
      changed[name] !== this.#state[name]
    );
    if (!names.length) return;
    this.#state = { ...this.#state, ...changed };
    this.dispatchEvent(new CustomEvent("change", { detail: names }));
  }

  /**
   * Folds the rows below a span away, or shows them again.
   * @param {string} spanId
   * @param {boolean} [away] otherwise the other way round
   * @returns {void}
   */
  fold(spanId, away = !this.#state.folded.has(spanId)) {
    if (away === this.#state.folded.has(spanId)) return;
    const folded = new Set(this.#state.folded);
    if (away) folded.add(spanId);
    else folded.delete(spanId);
    this.set({ folded });
  }

  /** @returns {void} */
  clear() {
    this.set({ cursor: null, selected: "", zoom: null, folded: new Set(), offsets: {} });
  }
}
