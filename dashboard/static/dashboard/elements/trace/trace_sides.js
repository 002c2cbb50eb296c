import { now } from "../../base/time.js";
import { anyRuns } from "../../model/trace/columns/span_data.js";
import { computeLayout, sideLayout } from "../../model/trace/layout.js";

/**
 * @typedef {import("../../model/trace/columns/span_columns.js").SpanColumns} SpanColumns
 * @typedef {import("../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../wire/trace_loader.js").TraceLoader} TraceLoader
 * @typedef {import("../../model/trace/span.js").Offsets} Offsets
 */

/** A trace laid out from its sides: what was done is kept until something comes. */
export class TraceSides {
  /** @type {unknown[]} what was laid out: how much of which trace, by which clocks */
  #of = [];
  /** @type {Map<string, Side>} of all, and of the side that was looked at last */
  #kept = new Map();

  /**
   * @param {TraceLoader} loader
   * @param {string} name of a side; `all` for all of them
   * @param {Offsets} offsets
   * @returns {Side}
   */
  of(loader, name, offsets) {
    const running = loader.base !== null && anyRuns(loader.spans);
    const of = [loader, loader.changes, offsets];
    if (running || of.some((each, at) => each !== this.#of[at])) this.#kept.clear();
    this.#of = of;
    const whole = this.#kept.get("all")?.layout ?? null;
    const side = this.#kept.get(name) ?? new Side(loader, name, offsets, { running, whole });
    if (!this.#kept.has(name)) {
      // Of a large trace each takes its room.
      for (const other of this.#kept.keys()) if (other !== "all") this.#kept.delete(other);
      this.#kept.set(name, side);
    }
    return side;
  }
}

/** What is drawn of a trace from a side. */
export class Side {
  /** @type {SpanColumns | null} taken out of all when they are asked for */
  #spans = null;
  /** @type {import("../../model/trace/span.js").TraceLog[] | null} */
  #logs = null;
  #loader;
  #name;

  /**
   * @param {TraceLoader} loader
   * @param {string} name
   * @param {Offsets} offsets
   * @param {{running: boolean, whole: Layout | null}} known whether a span of the trace goes on; and
   *   what all of them are laid out to, if they are
   */
  constructor(loader, name, offsets, { running, whole }) {
    this.#loader = loader;
    this.#name = name;
    this.layout = whole && name !== "all" && sideLayout(whole, name) ||
      this.#laidOut(offsets, running);
  }

  /** @returns {SpanColumns} */
  get spans() {
    const { spans } = this.#loader;
    return this.#spans ??= this.#name === "all" ? spans : spans.ofService(this.#name);
  }

  /** @returns {import("../../model/trace/span.js").TraceLog[]} */
  get logs() {
    return this.#logs ??= this.#loader.orderedLogs()
      .filter(({ service }) => this.#name === "all" || service === this.#name);
  }

  /**
   * @param {Offsets} offsets
   * @param {boolean} running
   * @returns {Layout}
   */
  #laidOut(offsets, running) {
    const goesOn = running && anyRuns(this.spans);
    const until = goesOn ? Number(now() - (this.#loader.base ?? 0n)) : undefined;
    return computeLayout(this.spans, this.logs, offsets, until);
  }
}
