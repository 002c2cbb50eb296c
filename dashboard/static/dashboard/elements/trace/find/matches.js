import { placesOf } from "../../../model/trace/find/find.js";

/** @typedef {import("../../../model/trace/layout.js").Layout} Layout */

/** The spans of a trace that are looked for, found once. */
export class Matches {
  /** @type {number[]} their places */
  places = [];
  /** Of each row whether it is one. */
  #is = new Uint8Array();
  /** @type {unknown[]} what they were found by, and in */
  #of = [];

  /**
   * @param {Layout} layout
   * @param {import("../../../model/trace/find/query.js").Found | null} found
   * @returns {void}
   */
  search(layout, found) {
    if (this.#of[0] === found && this.#of[1] === layout.listed) return;
    this.#of = [found, layout.listed];
    this.places = found ? placesOf(layout, found) : [];
    this.#is = new Uint8Array(this.places.length ? layout.listed.length : 0);
    for (const at of this.places) this.#is[at] = 1;
  }

  /**
   * @param {number} at
   * @returns {boolean}
   */
  has(at) {
    return this.#is[at] === 1;
  }

  /**
   * The next one, around the end.
   * @param {number} current
   * @param {1 | -1} step
   * @returns {number | undefined} undefined when there is none
   */
  next(current, step) {
    return step > 0
      ? this.places.find((at) => at > current) ?? this.places[0]
      : this.places.findLast((at) => at < current) ?? this.places.at(-1);
  }
}
