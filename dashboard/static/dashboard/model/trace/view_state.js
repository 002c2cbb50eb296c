/**
 * @typedef {object} Shown What all views of one trace share.
 * @property {number | null} at the moment that is shown; null for the end
 * @property {number | null} cursor a moment, in nanoseconds from the trace's base
 * @property {string} selected the key of a span, or empty
 * @property {{from: number, to: number} | null} zoom
 * @property {boolean} unfolded whether long silences are drawn in full
 * @property {ReadonlySet<string>} folded the spans whose descendants are folded away
 * @property {import("./find/query.js").Found | null} found what is looked for
 * @property {boolean} matchesOnly whether other spans are left out
 * @property {boolean} pathOnly whether spans beside the critical path are left out
 * @property {import("./span.js").Offsets} offsets
 */

/** Of a trace in which nobody has folded or moved anything. */
const UNTOUCHED = { folded: new Set(), offsets: {} };

/** The state that the views of a trace share; sends `change` with the names of what changed. */
export class ViewState extends EventTarget {
  /** @type {Shown} */
  #state = {
    at: null,
    cursor: null,
    selected: "",
    zoom: null,
    unfolded: false,
    found: null,
    matchesOnly: false,
    pathOnly: false,
    ...UNTOUCHED,
  };

  /** @returns {Readonly<Shown>} */
  get state() {
    return this.#state;
  }

  /**
   * @param {Partial<Shown>} changed
   * @returns {void}
   */
  set(changed) {
    const names = /** @type {Array<keyof Shown>} */ (Object.keys(changed)).filter((name) =>
      changed[name] !== this.#state[name]
    );
    if (!names.length) return;
    this.#state = { ...this.#state, ...changed };
    this.dispatchEvent(new CustomEvent("change", { detail: names }));
  }

  /**
   * Folds the rows below a span away, or shows them again.
   * @param {string} key
   * @param {boolean} [away] otherwise the other way round
   * @returns {void}
   */
  fold(key, away = !this.#state.folded.has(key)) {
    if (away === this.#state.folded.has(key)) return;
    const folded = new Set(this.#state.folded);
    if (away) folded.add(key);
    else folded.delete(key);
    this.set({ folded });
  }

  /**
   * Selects a span, or nothing when it was selected.
   * @param {string} key
   * @returns {void}
   */
  toggle(key) {
    this.set({ selected: this.#state.selected === key ? "" : key });
  }

  /**
   * Selects a span anew, so that it is brought into sight again where it was selected.
   * @param {string} key
   * @returns {void}
   */
  selectAnew(key) {
    for (const selected of ["", key]) this.set({ selected });
  }

  /** @returns {void} */
  clear() {
    this.set({ at: null, cursor: null, selected: "", zoom: null, ...UNTOUCHED });
  }
}
