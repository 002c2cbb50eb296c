import { build, button } from "../../../base/dom.js";
import { gettext } from "../../../base/i18n.js";
import { hue } from "../../../base/palette.js";
import { duration } from "../../../base/time.js";
import { operationsOf } from "../../../model/trace/sums/statistics.js";
import { SortedTable } from "./sorted_table.js";

/**
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {import("../../../model/trace/sums/statistics.js").Operation} Operation
 */

/**
 * A trace summed up by service and operation. One that is chosen sends `find` with what finds its
 * spans, which bubbles.
 */
export class LabStatistics extends HTMLElement {
  /** @type {Layout | null} */
  #layout = null;
  /** The most time of its own that an operation has, in nanoseconds. */
  #longest = 1;
  #table = new SortedTable(
    [
      { title: gettext("Service"), value: ({ service }) => service, cell: serviceCell },
      { title: gettext("Operation"), value: ({ name }) => name, cell: (row) => this.#name(row) },
      number(gettext("Count"), "count", String),
      {
        title: gettext("Errors"),
        value: ({ failed }) => failed,
        cell: ({ failed }) => failed ? [build("span", { class: "failed" }, String(failed))] : ["–"],
      },
      number(gettext("Total"), "total"),
      {
        title: gettext("Self time"),
        value: ({ self }) => self,
        cell: (row) => [this.#bar(row), duration(row.self / 1e6)],
      },
      number("p50", "p50"),
      number("p95", "p95"),
    ],
    { by: 5, descending: true },
  );

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#table.element);
    this.#draw();
  }

  /**
   * @param {Layout} layout
   * @returns {void}
   */
  show(layout) {
    this.#layout = layout;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    if (!this.isConnected || !this.#layout) return;
    const found = operationsOf(this.#layout.listed);
    this.#longest = found[0]?.self || 1;
    this.#table.show(found);
  }

  /**
   * @param {Operation} operation
   * @returns {Node}
   */
  #bar({ service, self }) {
    const bar = build("i", { class: `share ${hue(service)}`, "aria-hidden": "true" });
    bar.style.width = `${(self / this.#longest) * 4}rem`;
    return bar;
  }

  /**
   * @param {Operation} operation
   * @returns {Node[]}
   */
  #name({ service, name }) {
    const detail = `service:"${service}"${name ? ` name="${name}"` : ""}`;
    return [
      button(name || gettext("(no name)"), () => {
        this.dispatchEvent(new CustomEvent("find", { detail, bubbles: true }));
      }, { class: "link", title: gettext("Show its spans") }),
    ];
  }
}

/**
 * @param {{service: string}} row
 * @returns {Node[]}
 */
export function serviceCell({ service }) {
  return [build("span", { class: `service ${hue(service)}` }, service)];
}

/**
 * @param {string} title
 * @param {"count" | "total" | "self" | "p50" | "p95"} name
 * @param {(value: number) => string} [format]
 * @returns {import("./sorted_table.js").Column<Operation>}
 */
function number(title, name, format = (ns) => duration(ns / 1e6)) {
  return { title, value: (row) => row[name], cell: (row) => [format(row[name])] };
}

customElements.define("lab-statistics", LabStatistics);
