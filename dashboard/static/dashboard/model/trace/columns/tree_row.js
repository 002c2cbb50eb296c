import * as flags from "./row_flags.js";

/** One row of a tree, which is read when somebody asks for it. */
export class TreeRow {
  /** The tree that it is of. */
  tree;
  #at;

  /**
   * @param {import("./tree.js").Tree} tree
   * @param {number} at
   */
  constructor(tree, at) {
    this.tree = tree;
    this.#at = at;
  }

  /** @returns {import("./column_span.js").ColumnSpan} */
  get span() {
    return this.tree.columns.span(this.tree.data.of[this.#at] ?? 0);
  }

  /** @returns {number} */
  get start() {
    return this.tree.data.start[this.#at] ?? 0;
  }

  /** @returns {number} */
  get end() {
    return this.tree.data.end[this.#at] ?? 0;
  }

  /** @returns {number} */
  get depth() {
    return this.tree.data.depth[this.#at] ?? 0;
  }

  /** @returns {number} */
  get next() {
    return this.tree.data.next[this.#at] ?? 0;
  }

  /** @returns {number} */
  get parent() {
    return this.tree.data.parent[this.#at] ?? -1;
  }

  /** @returns {boolean} */
  get orphan() {
    return this.#is(flags.ORPHAN);
  }

  /** @returns {boolean} */
  get circular() {
    return this.#is(flags.CIRCULAR);
  }

  /** @returns {boolean} */
  get selfParent() {
    return this.#is(flags.SELF_PARENT);
  }

  /** @returns {boolean} */
  get shared() {
    return this.#is(flags.SHARED);
  }

  /** @returns {boolean} */
  get backwards() {
    return this.#is(flags.BACKWARDS);
  }

  /** @returns {boolean} */
  get outlives() {
    return this.#is(flags.OUTLIVES);
  }

  /** @returns {boolean} */
  get early() {
    return this.#is(flags.EARLY);
  }

  /**
   * @param {number} flag
   * @returns {boolean}
   */
  #is(flag) {
    return ((this.tree.data.flags[this.#at] ?? 0) & flag) !== 0;
  }
}
