import { build } from "../../../base/dom.js";
import { gettext, interpolate } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { byPlace, hue } from "../../../base/palette.js";
import { serviceTitle } from "../../shared/service_title.js";

/**
 * @typedef {object} Entry One of the ten fields.
 * @property {string} field
 * @property {"found" | "partly" | "missing" | "not_needed"} state
 * @property {Array<{service: string, value: string}>} found
 * @property {Array<{service: string, why: string, code: string}>} missing
 */

/** Why a side lacks a field that the question does not need of it. */
const NOT_NEEDED = ["missing.hidden", "missing.no_call", "missing.no_failure", "missing.no_answer"];

/** The ten fields that make a failure understandable: which side has which. */
export class LabChecklist extends HTMLElement {
  /**
   * @param {Entry[]} entries
   * @returns {void}
   */
  show(entries) {
    const sides = [
      ...new Set(
        entries.flatMap(({ found, missing }) => [...found, ...missing]).map((each) => each.service),
      ),
    ].sort(byPlace);
    const cells = entries.map((entry) => sides.map((side) => cell(entry, side)));
    const kinds = cells.flat().map((each) => each.className);
    const found = kinds.filter((kind) => kind === "has").length;
    const lacking = kinds.filter((kind) => kind === "lacks").length;
    const heading = (/** @type {string} */ side) =>
      build(
        "th",
        { scope: "col" },
        build("span", { class: `service ${hue(side)}` }, serviceTitle(side)),
      );
    this.replaceChildren(
      build(
        "table",
        {},
        build(
          "thead",
          {},
          build("tr", {}, build("th", { scope: "col" }, gettext("Field")), ...sides.map(heading)),
        ),
        build(
          "tbody",
          {},
          ...entries.map((entry, at) =>
            build(
              "tr",
              { class: entry.state },
              build("th", { scope: "row", class: "mono" }, entry.field),
              ...(cells[at] ?? []),
            )
          ),
        ),
      ),
      build(
        "p",
        { class: "quiet legend" },
        build("span", {}, build("i", { class: "has" }), gettext("on record")),
        build("span", {}, build("i", { class: "lacks" }), gettext("needed there, not on record")),
        build("span", {}, build("i", {}, "–"), gettext("not needed there")),
        build(
          "span",
          { class: "count" },
          interpolate(gettext("%(found)s of %(needed)s found where they are needed"), {
            found,
            needed: found + lacking,
          }),
        ),
      ),
    );
  }
}

/**
 * @param {Entry} entry
 * @param {string} side
 * @returns {HTMLElement}
 */
function cell(entry, side) {
  const values = new Set(
    entry.found.filter(({ service }) => service === side).map(({ value }) => value),
  );
  if (values.size) {
    const text = [...values].join(", ");
    return build(
      "td",
      { class: "has", title: text },
      icon("check"),
      build("span", { class: "mono" }, text),
    );
  }
  const lacks = entry.missing.find(({ service }) => service === side);
  const needed = lacks && !NOT_NEEDED.includes(lacks.code);
  return build(
    "td",
    { class: needed ? "lacks" : "spared" },
    ...(needed ? [icon("warn")] : ["– "]),
    build("span", {}, lacks?.why ?? ""),
  );
}

customElements.define("lab-checklist", LabChecklist);
