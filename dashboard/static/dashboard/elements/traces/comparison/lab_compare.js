import { build } from "../../../base/dom.js";
import { messageOf } from "../../../base/errors.js";
import { gettext, interpolate, ngettext, sentences } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { duration } from "../../../base/time.js";
import { pairsOf, pathTo, shown } from "../../../model/traces/comparison.js";
import { addressOf } from "../../../model/traces/step_address.js";
import { fetchJson } from "../../../wire/api.js";
import { CompareControls } from "./compare_controls.js";
import { compareRow } from "./compare_row.js";
import { CompareRows } from "./compare_rows.js";
import { ComparedTrace } from "./compared_trace.js";

/**
 * @typedef {import("../../../model/traces/comparison.js").Pair} Pair
 * @typedef {"a" | "b"} Side
 */

const SIDES = /** @type {const} */ (["a", "b"]);
/** Two traces of a hundred thousand spans take seconds. */
const TIMEOUT_MS = 120_000;

/**
 * Two traces of any size beside each other, step by step; `a` and `b` say which. What is not said, or
 * is gone, is picked here.
 */
export class LabCompare extends HTMLElement {
  /** @type {Record<Side, string>} */
  #ids = { a: "", b: "" };
  /** @type {Pair[]} */
  #pairs = [];
  /** @type {number[]} places of those that are shown */
  #shown = [];
  #longest = 1;
  #said = "";
  #status = build("p", { class: "said", role: "status" });
  #none = build("p", { class: "quiet none" });
  #controls = new CompareControls(() => this.#draw());
  #rows = new CompareRows((index) => this.#row(index));

  /** @returns {void} */
  connectedCallback() {
    for (const side of SIDES) this.#ids[side] = (this.getAttribute(side) ?? "").trim();
    this.#load();
  }

  /** @returns {void} */
  find() {
    this.#controls.find();
  }

  /** @returns {void} */
  toggleDiffering() {
    this.#controls.toggleDiffering();
  }

  /**
   * @param {number} step
   * @returns {void}
   */
  move(step) {
    this.#rows.move(step);
  }

  /**
   * Opens the active step in one of the traces.
   * @param {Side} side
   * @returns {void}
   */
  open(side) {
    this.#rows.open(side);
  }

  /** @returns {Promise<void>} */
  async #load() {
    const { a, b } = this.#ids;
    const first = new ComparedTrace(gettext("First trace"), (id) => address(id, b), b);
    const second = new ComparedTrace(gettext("Second trace"), (id) => address(a, id), a);
    const sides = { a: first, b: second };
    const title = gettext("The other way round");
    const swap = build(
      "a",
      { class: "button bare", href: address(b, a), title, "aria-label": title },
      icon("repeat"),
    );
    const both = build("div", { class: "sides" }, first.element, swap, second.element);
    this.replaceChildren(both, this.#status);
    this.#status.textContent = a && b ? gettext("Comparing …") : "";
    const found = await this.#fetch();
    for (const side of SIDES) {
      const id = this.#ids[side];
      if (!id) sides[side].pick(gettext("Which trace is it?"), false);
      else if (found?.[side]) sides[side].show(found[side]);
      else if (found) sides[side].pick(goneText(id), true);
    }
    if (found) this.#status.textContent = "";
    if (!found?.rows) return;
    this.#take(found);
    this.append(this.#controls.element, this.#rows.element, this.#none);
    this.#draw();
  }

  /** @returns {Promise<any>} null when the observer does not answer */
  async #fetch() {
    const asked = SIDES.filter((side) => this.#ids[side]);
    if (!asked.length) return {};
    const query = new URLSearchParams(asked.map((side) => [side, this.#ids[side]]));
    try {
      return await fetchJson(`/api/compare?${query}`, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      this.#status.replaceChildren(build("span", { class: "problem" }, messageOf(error)));
      return null;
    }
  }

  /**
   * @param {any} found
   * @returns {void}
   */
  #take(found) {
    this.#pairs = pairsOf(found);
    this.#longest = this.#pairs.reduce(
      (most, { a, b }) => Math.max(most, a?.total ?? 0, b?.total ?? 0),
      0.001,
    );
    this.#said = summary(this.#pairs, found);
  }

  /** @returns {void} */
  #draw() {
    this.#shown = shown(this.#pairs, this.#controls.chosen);
    this.#rows.show(this.#shown.length);
    this.#status.textContent = this.#said;
    this.#none.hidden = this.#shown.length > 0;
    this.#rows.element.hidden = !this.#shown.length;
    this.#none.textContent = this.#pairs.length
      ? gettext("No step matches.")
      : gettext("Neither trace has a span.");
  }

  /**
   * @param {number} index among those that are shown
   * @returns {HTMLElement}
   */
  #row(index) {
    const at = this.#shown[index] ?? 0;
    const pair = /** @type {Pair} */ (this.#pairs[at]);
    return compareRow(pair, {
      indented: this.#controls.chosen.order === "tree",
      longest: this.#longest,
      addressOf: (side) => {
        const sum = pair[side];
        return sum ? addressOf(this.#ids[side], sum, pathTo(this.#pairs, at)) : "";
      },
    });
  }
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {string}
 */
function address(a, b) {
  return `/compare?${new URLSearchParams({ ...(a && { a }), ...(b && { b }) })}`;
}

/**
 * @param {string} traceId
 * @returns {string}
 */
function goneText(traceId) {
  return interpolate(gettext("Trace %(id)s is not stored here, or not any more."), { id: traceId });
}

/**
 * @param {Pair[]} pairs
 * @param {any} found what the observer says of both
 * @returns {string}
 */
function summary(pairs, { a, b, leftOut }) {
  const differing = pairs.filter(({ differences }) => differences.length).length;
  const common = pairs.some((pair) => pair.a && pair.b);
  const by = b.durationMs - a.durationMs;
  const longer = by > 0
    ? gettext("The second took %(by)s longer.")
    : gettext("The second took %(by)s less.");
  return sentences([
    ...(common || !pairs.length ? [] : [gettext("They have no step in common.")]),
    ngettext("%s step differs.", "%s steps differ.", differing),
    ...(by ? [interpolate(longer, { by: duration(Math.abs(by)) })] : []),
    ...(leftOut
      ? [ngettext("%s deep step is left out.", "%s deep steps are left out.", leftOut)]
      : []),
    ...(a.open || b.open ? [gettext("One of them still runs: it is compared as it was.")] : []),
  ]);
}

customElements.define("lab-compare", LabCompare);
