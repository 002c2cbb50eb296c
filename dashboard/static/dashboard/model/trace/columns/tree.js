import * as flags from "./row_flags.js";
import { treeData } from "./tree_data.js";

/**
 * @typedef {import("./span_columns.js").SpanColumns} SpanColumns
 * @typedef {import("./tree_data.js").TreeData} TreeData
 * @typedef {TreeRow} Row
 */

/**
 * Spans in the order of a tree: parents first, children by their start. What is reported is
 * distrusted: a parent may be missing, or be its own descendant, and every span is shown once.
 */
export class Tree {
  /**
   * @param {SpanColumns} columns
   * @param {TreeData} data of them all, or of some
   */
  constructor(columns, data) {
    this.columns = columns;
    this.data = data;
    /** Reads as objects what stands in the columns. */
    /** @type {TreeRow[]} */
    this.listed = new Array(data.of.length);
    for (let at = 0; at < this.listed.length; at++) this.listed[at] = new TreeRow(this, at);
  }

  /**
   * @param {SpanColumns} columns
   * @param {number} last the end of the trace
   * @param {import("../span.js").Offsets} [offsets]
   * @returns {Tree}
   */
  static of(columns, last, offsets = {}) {
    return new Tree(columns, treeData(columns, last, offsets));
  }

  /**
   * @param {string} key of a span
   * @returns {number} its row; -1 when it has none
   */
  rowOf(key) {
    const place = this.columns.placeOf(key);
    return place < 0 ? -1 : this.data.row[place] ?? -1;
  }

  /** @returns {string[]} the services in the order of their first rows */
  get services() {
    const { service } = this.columns.data;
    /** @type {Set<number>} */
    const found = new Set();
    let before = -1;
    for (const place of this.data.of) {
      const number = service[place] ?? 0;
      if (number !== before) found.add(number);
      before = number;
    }
    return [...found].map((number) => this.columns.texts.at(number));
  }
}

/** One row of a tree, which is read when somebody asks for it. */
class TreeRow {
  /** The tree that it is of. */
  tree;
  #at;

  /**
   * @param {Tree} tree
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
