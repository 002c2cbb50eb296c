import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { iconOf } from "../shared/fault_icons.js";
import { timeLeft } from "../../model/countdown.js";
import { delays } from "../../model/map.js";

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} title
 * @property {"integer" | "number" | "choice" | "text" | "file"} type
 * @property {number | string} default
 * @property {string} unit
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {Array<{value: string, title: string}>} [choices]
 * @property {string} [hint] what a text could be
 *
 * @typedef {object} Kind
 * @property {string} target
 * @property {string} kind
 * @property {string} title
 * @property {string} effect
 * @property {boolean} common
 * @property {string[]} levels
 * @property {Record<string, number>} defaultTtlSeconds when a fault of a level ends without a time
 * @property {Parameter[]} parameters
 * @property {Parameter[]} selection what holds it to some requests or connections
 *
 * @typedef {import("../../model/map.js").Fault} Fault
 */

/**
 * Builds a kind of fault as a row: pressed, it is applied with the numbers that stand in it.
 * @param {Kind} kind
 * @param {string} key that applies it; empty for none
 * @param {(fault: Record<string, unknown>) => void} apply
 * @returns {HTMLFormElement}
 */
export function kindRow(kind, key, apply) {
  const title = build("button", { class: "apply" }, kind.title);
  if (key) title.setAttribute("aria-keyshortcuts", key);
  const row = /** @type {HTMLFormElement} */ (build(
    "form",
    { class: "kind", "data-kind": kind.kind },
    build("span", { class: "sign" }, icon(iconOf(kind.kind))),
    build(
      "div",
      { class: "what" },
      build("div", { class: "title" }, title, ...kind.parameters.map(field)),
      build("p", { class: "effect" }, kind.effect),
    ),
    ...(key ? [build("kbd", { "aria-hidden": "true" }, key)] : []),
  ));
  row.addEventListener("submit", async (event) => {
    event.preventDefault();
    apply({ ...read(row, kind), ...(await textsOf(row)) });
  });
  return row;
}

/**
 * Builds a fault in force as a row that heals it.
 * @param {Fault} fault
 * @param {string} title
 * @param {(fault: Fault) => void} heal
 * @returns {HTMLElement}
 */
export function faultRow(fault, title, heal) {
  const control = button(gettext("Heal"), () => heal(fault), {
    class: "danger",
    "aria-label": interpolate(gettext("Heal: %(words)s"), { words: fault.words }),
  });
  if (fault.remainingSeconds !== null && fault.state === "in_force") {
    control.append(build("span", { class: "time" }, timeLeft(fault.remainingSeconds)));
  }
  return build(
    "div",
    { class: `kind on ${delays(fault) ? "late" : ""}`, "data-fault": fault.id },
    build("span", { class: "sign" }, icon(iconOf(fault.kind))),
    build(
      "div",
      { class: "what" },
      build("div", { class: "title" }, build("b", {}, title)),
      build("p", { class: "effect", title: fault.words }, fault.words),
      ...healing(fault),
    ),
    control,
  );
}

/**
 * Why a fault that was to be healed still is in force.
 * @param {Fault} fault
 * @returns {HTMLElement[]}
 */
function healing({ state, healProblem }) {
  if (state === "healing") return [build("p", { class: "quiet" }, gettext("healing …"))];
  if (state !== "heal_failed") return [];
  const text = gettext("Healing failed, trying again: %(reason)s");
  return [build("p", { class: "problem" }, interpolate(text, { reason: healProblem }))];
}

/**
 * Builds the control of a parameter, with its default in it.
 * @param {Parameter} parameter
 * @returns {HTMLElement}
 */
export function field(parameter) {
  const { name, title, unit, choices, type, minimum, maximum, hint } = parameter;
  const labels = { name, "aria-label": title, title };
  if (type === "file") {
    const accept = ".txt,.csv,text/plain,text/csv";
    const input = /** @type {HTMLInputElement} */ (build("input", {
      ...labels,
      type: "file",
      accept,
    }));
    const chosen = build("span", {}, title);
    input.addEventListener("change", () => chosen.textContent = input.files?.[0]?.name ?? title);
    return build("label", { class: "file", title }, chosen, input);
  }
  if (type === "text") {
    return build("input", { ...labels, placeholder: hint ?? "", autocomplete: "off", size: "9" });
  }
  if (choices) {
    const options = choices.map((each) => {
      const option = build("option", { value: each.value }, each.title);
      if (each.value === parameter.default) option.setAttribute("selected", "");
      return option;
    });
    return build("select", labels, ...options);
  }
  const number = build("input", {
    ...labels,
    type: "number",
    step: type === "number" ? "any" : "1",
    value: String(parameter.default),
    required: "",
    ...(minimum !== null && { min: String(minimum) }),
    ...(maximum !== null && { max: String(maximum) }),
  });
  return build("span", { class: "field" }, number, unit);
}

/**
 * @param {HTMLFormElement} form
 * @param {Kind} kind
 * @returns {Record<string, unknown>}
 */
function read(form, { target, kind, parameters }) {
  return { target, kind, setBy: "page", ...valuesOf(form, parameters) };
}

/**
 * Reads the controls of parameters: numbers as numbers.
 * @param {HTMLFormElement} form
 * @param {Parameter[]} parameters
 * @returns {Record<string, unknown>}
 */
export function valuesOf(form, parameters) {
  const given = new FormData(form);
  const typed = parameters.filter(({ type }) => type !== "file");
  return Object.fromEntries(typed.map(({ name, type }) => {
    const value = String(given.get(name) ?? "");
    return [name, type === "choice" || type === "text" ? value : Number(value)];
  }));
}

/**
 * Reads the files that were chosen, as texts.
 * @param {HTMLFormElement} form
 * @returns {Promise<Record<string, string>>}
 */
async function textsOf(form) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File && value.size) texts[name] = await value.text();
  }
  return texts;
}
