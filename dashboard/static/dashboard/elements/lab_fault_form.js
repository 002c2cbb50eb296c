import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { ask } from "../wire/api.js";

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} title
 * @property {"integer" | "number" | "choice"} type
 * @property {number | string} default
 * @property {string} unit
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {Array<{value: string, title: string}>} [choices]
 *
 * @typedef {object} Kind
 * @property {string} target
 * @property {string} kind
 * @property {string} title
 * @property {string[]} levels
 * @property {Parameter[]} parameters
 */

/** A dialog that sets a fault of one target. */
export class LabFaultForm extends HTMLElement {
  /** @type {Kind[]} */
  #kinds = [];
  #dialog = /** @type {HTMLDialogElement} */ (build("dialog"));

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#dialog);
    this.#dialog.addEventListener("click", (event) => {
      // The backdrop belongs to the dialog; what is inside is a form.
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** @param {Kind[]} kinds that there are */
  set kinds(kinds) {
    this.#kinds = kinds;
  }

  /**
   * @param {string} target
   * @returns {Promise<void>}
   */
  async open(target) {
    if (!this.#kinds.length) this.#kinds = (await ask("/api/faults")).kinds;
    const kinds = this.#kinds.filter((kind) => kind.target === target);
    const fields = build("div", { class: "fields" });
    const choice = /** @type {HTMLSelectElement} */ (build(
      "select",
      { name: "kind", id: "fault-kind" },
      ...kinds.map((kind) => build("option", { value: kind.kind }, kind.title)),
    ));
    const find = () => kinds.find((kind) => kind.kind === choice.value);
    const show = () => fields.replaceChildren(...inputs(find()));
    choice.addEventListener("change", show);
    show();
    const problem = build("p", { class: "problem", role: "alert" });
    const form = build(
      "form",
      { method: "dialog" },
      build("h2", {}, interpolate(gettext("Break %(target)s"), { target })),
      build("label", { for: "fault-kind" }, gettext("What happens")),
      choice,
      fields,
      problem,
      build(
        "p",
        { class: "row end" },
        button(gettext("Cancel"), () => this.#dialog.close()),
        build("button", { class: "primary" }, gettext("Set the fault")),
      ),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const given = /** @type {HTMLFormElement} */ (form);
        await ask("/api/faults", { method: "POST", body: read(given, target, find()) });
        this.#dialog.close();
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      }
    });
    this.#dialog.setAttribute("aria-label", interpolate(gettext("Break %(target)s"), { target }));
    this.#dialog.replaceChildren(form);
    this.#dialog.showModal();
  }
}

/**
 * @param {Kind | undefined} kind
 * @returns {HTMLElement[]}
 */
function inputs(kind) {
  if (!kind) return [];
  const parameters = kind.parameters.map(input);
  const level = field(
    "level",
    gettext("Where it is done"),
    build("select", {}, ...kind.levels.map((each) => build("option", {}, each))),
  );
  const ttl = field(
    "ttlSeconds",
    gettext("Heals itself after"),
    build("input", { type: "number", min: "1", max: "86400", placeholder: gettext("never") }),
    "s",
  );
  return [...parameters, ...(kind.levels.length > 1 ? [level] : []), ttl];
}

/**
 * @param {Parameter} parameter
 * @returns {HTMLElement}
 */
function input(parameter) {
  if (parameter.choices) {
    const options = parameter.choices.map((each) => {
      const option = build("option", { value: each.value }, each.title);
      if (each.value === parameter.default) option.setAttribute("selected", "");
      return option;
    });
    return field(parameter.name, parameter.title, build("select", {}, ...options));
  }
  const number = build("input", {
    type: "number",
    step: parameter.type === "number" ? "any" : "1",
    value: String(parameter.default),
    required: "",
    ...(parameter.minimum !== null && { min: String(parameter.minimum) }),
    ...(parameter.maximum !== null && { max: String(parameter.maximum) }),
  });
  return field(parameter.name, parameter.title, number, parameter.unit);
}

/**
 * @param {string} name
 * @param {string} title
 * @param {HTMLElement} control
 * @param {string} [unit]
 * @returns {HTMLElement}
 */
function field(name, title, control, unit = "") {
  control.setAttribute("name", name);
  control.id = `fault-${name}`;
  return build(
    "div",
    { class: "field" },
    build("label", { for: control.id }, title),
    control,
    ...(unit ? [build("span", { class: "quiet" }, unit)] : []),
  );
}

/**
 * @param {HTMLFormElement} form
 * @param {string} target
 * @param {Kind | undefined} kind
 * @returns {Record<string, unknown>}
 */
function read(form, target, kind) {
  /** @type {Record<string, unknown>} */
  const asked = { target, setBy: "page" };
  const numbers = new Set(["ttlSeconds"]);
  for (const parameter of kind?.parameters ?? []) {
    if (!parameter.choices) numbers.add(parameter.name);
  }
  for (const [name, value] of new FormData(form)) {
    if (value !== "") asked[name] = numbers.has(name) ? Number(value) : value;
  }
  return asked;
}

customElements.define("lab-fault-form", LabFaultForm);
