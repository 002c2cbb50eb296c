import { build } from "../base/dom.js";
import { gettext } from "../base/i18n.js";

/**
 * @typedef {object} Entry One of the ten fields.
 * @property {string} field
 * @property {Array<{service: string, value: string}>} found
 * @property {Array<{service: string, why: string}>} missing
 */

/** The ten fields that make a failure understandable: found where, missing where. */
export class LabChecklist extends HTMLElement {
  /**
   * @param {Entry[]} entries
   * @returns {void}
   */
  show(entries) {
    const heads = [gettext("Field"), gettext("Found"), gettext("Missing")];
    this.replaceChildren(
      build(
        "table",
        {},
        build(
          "thead",
          {},
          build("tr", {}, ...heads.map((head) => build("th", { scope: "col" }, head))),
        ),
        build("tbody", {}, ...entries.map(row)),
      ),
    );
  }
}

/**
 * @param {Entry} entry
 * @returns {HTMLElement}
 */
function row(entry) {
  /** @type {Map<string, Set<string>>} */
  const values = new Map();
  for (const { service, value } of entry.found) {
    values.set(service, (values.get(service) ?? new Set()).add(value));
  }
  const found = [...values].map(([service, told]) =>
    build(
      "div",
      {},
      build("span", { class: `service ${service}` }, service),
      build("span", { class: "mono" }, ` ${[...told].join(", ")}`),
    )
  );
  const missing = entry.missing.map(({ service, why }) =>
    build("div", {}, build("span", { class: `service ${service}` }, service), ` ${why}`)
  );
  return build(
    "tr",
    { class: entry.found.length ? "" : "absent" },
    build("th", { scope: "row", class: "mono" }, entry.found.length ? "✓ " : "✕ ", entry.field),
    build("td", {}, ...found),
    build("td", { class: "quiet" }, ...missing),
  );
}

customElements.define("lab-checklist", LabChecklist);
