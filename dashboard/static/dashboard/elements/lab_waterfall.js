import { build, button, svg } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { clock, duration } from "../base/time.js";
import { Axis, silences } from "../model/axis.js";
import { extent, rows } from "../model/trace.js";

/**
 * @typedef {import("../model/trace.js").Row} Row
 * @typedef {import("../model/trace.js").WireSpan} WireSpan
 * @typedef {import("../model/log_filter.js").LogLine} LogLine
 */

const TICKS = 6;
const THINNEST = 0.4;
const MOST_ROWS = 2000;

/** A trace's spans along one axis of time; long silences are folded into breaks. */
export class LabWaterfall extends HTMLElement {
  /** @type {WireSpan[]} */
  #spans = [];
  /** @type {LogLine[]} */
  #logs = [];
  #unfolded = false;
  #selected = "";

  /**
   * @param {WireSpan[]} spans
   * @param {LogLine[]} logs
   * @returns {void}
   */
  show(spans, logs) {
    this.#spans = spans;
    this.#logs = logs;
    this.#draw();
  }

  /**
   * Opens a span's details and brings it into view.
   * @param {string} spanId
   * @returns {void}
   */
  select(spanId) {
    this.#selected = this.#selected === spanId ? "" : spanId;
    this.#draw();
    const row = /** @type {HTMLElement | null} */ (this.querySelector(`[data-span="${spanId}"]`));
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  /** @returns {void} */
  #draw() {
    const { first, last } = extent(this.#spans, this.#logs);
    const listed = rows(this.#spans, last).slice(0, MOST_ROWS);
    const moments = [
      ...listed.flatMap((row) => [row.start, row.end]),
      ...this.#logs.map((log) => BigInt(log.timeUnixNano)),
    ];
    const found = silences(moments);
    const axis = new Axis(first, last, this.#unfolded ? [] : found);
    const focused = document.activeElement?.getAttribute("data-span");
    const grid = build(
      "div",
      { role: "treegrid", "aria-label": gettext("Spans"), class: "grid" },
      this.#head(axis),
      ...listed.flatMap((row) => this.#row(row, axis)),
    );
    grid.addEventListener("keydown", (event) => this.#key(event));
    this.replaceChildren(...(found.length ? [this.#folding(found)] : []), grid, ...notes(listed));
    if (focused && this.contains(document.activeElement) === false) {
      /** @type {HTMLElement | null} */ (this.querySelector(`[data-span="${focused}"]`))?.focus();
    }
  }

  /**
   * @param {import("../model/axis.js").Silence[]} found
   * @returns {HTMLElement}
   */
  #folding(found) {
    const silent = found.reduce((sum, each) => sum + Number(each.to - each.from), 0) / 1e6;
    const text = this.#unfolded ? gettext("Fold the silence") : gettext("Unfold");
    const said = interpolate(gettext("%(time)s in which nothing happened is folded (//)."), {
      time: duration(silent),
    });
    return build(
      "p",
      { class: "row quiet folding" },
      ...(this.#unfolded ? [] : [build("span", {}, said)]),
      button(text, () => {
        this.#unfolded = !this.#unfolded;
        this.#draw();
      }),
    );
  }

  /**
   * @param {Axis} axis
   * @returns {HTMLElement}
   */
  #head(axis) {
    const marks = axis.ticks(TICKS).map((moment) =>
      svg(
        "text",
        { x: `${axis.place(moment) * 100}%`, y: 12 },
        duration(Number(moment - axis.first) / 1e6),
      )
    );
    const breaks = axis.folded.map((each) =>
      svg("text", { x: `${middle(axis, each) * 100}%`, y: 12, class: "break" }, "//")
    );
    return build(
      "div",
      { role: "row", class: "row-of head" },
      build("span", { role: "columnheader", class: "quiet" }, gettext("Span")),
      cell(
        "columnheader",
        build("span", { class: "visually-hidden" }, gettext("Time")),
        svg("svg", { "aria-hidden": "true" }, ...marks, ...breaks),
      ),
    );
  }

  /**
   * @param {Row} row
   * @param {Axis} axis
   * @returns {HTMLElement[]}
   */
  #row(row, axis) {
    const { span } = row;
    const failed = span.status.code === "ERROR" || span.errorKind !== null;
    const took = span.state === "ended"
      ? duration(Number(row.end - row.start) / 1e6)
      : STATES[span.state];
    const kind = span.errorKind ? ` · ${span.errorKind}` : "";
    const logs = this.#logs.filter((log) => log.spanId === span.spanId);
    const expanded = this.#selected === span.spanId;
    const label = build(
      "span",
      { role: "rowheader", class: "label" },
      build("span", { class: `dot ${span.service}`, "aria-hidden": "true" }),
      build("span", { class: `service ${span.service}` }, span.service),
      build("span", { class: "name" }, span.name),
      ...(failed
        ? [build("span", { class: "badge bad" }, span.errorKind ?? gettext("error"))]
        : []),
    );
    label.style.setProperty("--depth", String(row.depth));
    const made = build(
      "div",
      {
        role: "row",
        class: `row-of span ${failed ? "failed" : ""} ${expanded ? "open" : ""}`,
        tabindex: "0",
        "data-span": span.spanId,
        "aria-level": String(row.depth + 1),
        "aria-expanded": String(expanded),
        "aria-label": `${span.service}, ${span.name}, ${took}${kind}`,
      },
      label,
      cell("gridcell", bar(row, axis, logs, failed), build("span", { class: "took" }, took ?? "")),
    );
    made.addEventListener("click", () => this.select(span.spanId));
    return expanded ? [made, details(row, logs)] : [made];
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    const listed = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-span]")]);
    const at = listed.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step) {
      event.preventDefault();
      listed[Math.min(listed.length - 1, Math.max(0, at + step))]?.focus();
    } else if ((event.key === "Enter" || event.key === " ") && listed[at]) {
      event.preventDefault();
      this.select(listed[at].dataset.span ?? "");
    }
  }
}

const STATES = { open: gettext("running"), abandoned: gettext("never ended"), ended: "" };

/**
 * @param {string} role
 * @param {...Node} children
 * @returns {HTMLElement}
 */
function cell(role, ...children) {
  return build("span", { role, class: "time" }, ...children);
}

/**
 * @param {Row} row
 * @param {Axis} axis
 * @param {LogLine[]} logs
 * @param {boolean} failed
 * @returns {SVGElement}
 */
function bar(row, axis, logs, failed) {
  const left = axis.place(row.start) * 100;
  const width = Math.max(THINNEST, axis.place(row.end) * 100 - left);
  const { service, state } = row.span;
  const parts = [
    svg("rect", {
      x: `${Math.min(left, 100 - THINNEST)}%`,
      y: 5,
      width: `${width}%`,
      height: 12,
      rx: 3,
      class: `${service} ${state}`,
    }),
  ];
  if (failed) {
    parts.push(
      svg("text", { x: `${Math.min(98, left + width)}%`, y: 15, class: "failure" }, "✕"),
    );
  }
  for (const each of axis.folded) {
    if (row.start < each.from && row.end > each.to) {
      parts.push(svg("text", { x: `${middle(axis, each) * 100}%`, y: 16, class: "break" }, "//"));
    }
  }
  for (const log of logs) {
    parts.push(
      svg("circle", {
        cx: `${axis.place(BigInt(log.timeUnixNano)) * 100}%`,
        cy: 11,
        r: 3,
        class: `log ${log.level}`,
      }, svg("title", {}, log.msg)),
    );
  }
  return svg("svg", { "aria-hidden": "true", class: "bar" }, ...parts);
}

/**
 * @param {Axis} axis
 * @param {import("../model/axis.js").Silence} silence
 * @returns {number}
 */
function middle(axis, silence) {
  return (axis.place(silence.from) + axis.place(silence.to)) / 2;
}

/**
 * @param {Row} row
 * @param {LogLine[]} logs
 * @returns {HTMLElement}
 */
function details(row, logs) {
  const { span } = row;
  const told = [
    [gettext("started"), clock(span.startTimeUnixNano)],
    [gettext("span id"), span.spanId],
    ...(span.status.message ? [[gettext("status"), span.status.message]] : []),
    ...Object.entries(span.attributes).sort().map(([key, value]) => [key, String(value)]),
  ];
  const events = span.events.map((event) =>
    build("li", {}, build("time", {}, clock(event.timeUnixNano)), ` ${event.name}`)
  );
  const lines = logs.map((log) =>
    build("li", { class: log.level }, build("time", {}, clock(log.timeUnixNano)), ` ${log.msg}`)
  );
  return build(
    "div",
    { class: "details", role: "row" },
    build(
      "div",
      { role: "gridcell" },
      build(
        "dl",
        {},
        ...told.flatMap((
          [key, value],
        ) => [build("dt", {}, key ?? ""), build("dd", {}, value ?? "")]),
      ),
      ...(lines.length + events.length
        ? [build("ol", { class: "plain" }, ...events, ...lines)]
        : []),
    ),
  );
}

/**
 * @param {Row[]} listed
 * @returns {HTMLElement[]}
 */
function notes(listed) {
  const said = [];
  for (const row of listed) {
    const name = `${row.span.service} · ${row.span.name}`;
    if (row.outlives) {
      said.push(interpolate(gettext("%(name)s ends after the span that began it."), { name }));
    }
    if (row.orphan) {
      said.push(interpolate(gettext("The parent of %(name)s is not among the records."), { name }));
    }
    if (row.span.state === "abandoned") {
      said.push(interpolate(gettext("%(name)s never ended: its process is gone."), { name }));
    }
  }
  const items = said.slice(0, 5).map((text) => build("li", {}, text));
  return items.length ? [build("ul", { class: "quiet notes" }, ...items)] : [];
}

customElements.define("lab-waterfall", LabWaterfall);
