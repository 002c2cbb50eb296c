const OVERSCAN = 6;

/**
 * Where the rows of a long list are: all of one height, with details open below one of them.
 */
export class RowGeometry {
  /**
   * @param {object} list
   * @param {number} list.count
   * @param {number} list.height of a row, in pixels
   * @param {number} [list.opened] index of the row with details below it; -1 for none
   * @param {number} [list.detailsHeight]
   */
  constructor({ count, height, opened = -1, detailsHeight = 0 }) {
    this.count = count;
    this.height = height;
    this.opened = opened;
    this.extra = opened < 0 ? 0 : detailsHeight;
  }

  /** @returns {number} */
  get totalHeight() {
    return this.count * this.height + this.extra;
  }

  /** @returns {number} where the details are */
  get detailsTop() {
    return (this.opened + 1) * this.height;
  }

  /**
   * @param {number} index
   * @returns {number}
   */
  top(index) {
    return index * this.height + (index > this.opened ? this.extra : 0);
  }

  /**
   * Which row is at a height.
   * @param {number} top
   * @returns {number}
   */
  indexAt(top) {
    const beyond = top >= this.detailsTop && this.opened >= 0;
    const index = Math.floor(
      (beyond ? Math.max(this.detailsTop, top - this.extra) : top) / this.height,
    );
    return Math.max(0, Math.min(this.count - 1, index));
  }

  /**
   * The rows in sight, and some beyond each end of them.
   * @param {number} scrollTop
   * @param {number} viewHeight
   * @returns {{from: number, to: number}} `to` is the first that is left out
   */
  inSight(scrollTop, viewHeight) {
    const first = Math.floor((scrollTop - this.extra) / this.height);
    const last = Math.ceil((scrollTop + viewHeight) / this.height);
    return { from: Math.max(0, first - OVERSCAN), to: Math.min(this.count, last + OVERSCAN) };
  }

  /**
   * How far to scroll to see the whole of a row.
   * @param {number} index
   * @param {number} scrollTop
   * @param {number} viewHeight
   * @returns {number} the nearest scroll position
   */
  scrolledTo(index, scrollTop, viewHeight) {
    const top = this.top(index);
    return Math.min(top, Math.max(scrollTop, top + this.height - viewHeight));
  }
}

/**
 * Which row a key leads to.
 * @param {string} key
 * @param {number} index the current row
 * @param {{count: number, page: number}} list how many rows there are, and are in sight
 * @returns {number | undefined} undefined when the key does not move
 */
export function rowAfterKey(key, index, { count, page }) {
  const moves = /** @type {Record<string, number>} */ ({
    ArrowDown: index + 1,
    j: index + 1,
    ArrowUp: index - 1,
    k: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  });
  const target = moves[key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}
