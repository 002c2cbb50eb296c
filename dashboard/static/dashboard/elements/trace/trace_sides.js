import { now } from "../../base/time.js";
import { anyRuns } from "../../model/trace/columns/span_data.js";
import { computeLayout } from "../../model/trace/layout.js";

/**
 * @typedef {import("../../wire/trace_loader.js").TraceLoader} TraceLoader
 *
 * @typedef {object} Side What is drawn of a trace from a side.
 * @property {TraceLoader["spans"]} spans
 * @property {import("../../model/trace/span.js").TraceLog[]} logs
 * @property {import("../../model/trace/layout.js").Layout} layout
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
   * @param {import("../../model/trace/span.js").Offsets} offsets
   * @returns {Side}
   */
  of(loader, name, offsets) {
    const running = loader.base !== null && anyRuns(loader.spans);
    const of = [loader, loader.changes, offsets];
    if (running || of.some((each, at) => each !== this.#of[at])) this.#kept.clear();
    this.#of = of;
    const side = this.#kept.get(name) ?? laidOut(loader, name, offsets, running);
    if (!this.#kept.has(name)) {
      // Of a large trace each takes its room.
      for (const other of this.#kept.keys()) if (other !== "all") this.#kept.delete(other);
      this.#kept.set(name, side);
    }
    return side;
  }
}

/**
 * @param {TraceLoader} loader
 * @param {string} name
 * @param {import("../../model/trace/span.js").Offsets} offsets
 * @param {boolean} running whether one of its spans goes on
 * @returns {Side}
 */
function laidOut(loader, name, offsets, running) {
  const spans = name === "all" ? loader.spans : loader.spans.ofService(name);
  const logs = loader.orderedLogs().filter(({ service }) => name === "all" || service === name);
  const until = running && anyRuns(spans) ? Number(now() - (loader.base ?? 0n)) : undefined;
  return { spans, logs, layout: computeLayout(spans, logs, offsets, until) };
}
