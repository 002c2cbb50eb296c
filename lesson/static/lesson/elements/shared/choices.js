import { build } from "/static/dashboard/base/dom.js";

/** @typedef {{value: string, title: string}} Choice */

/**
 * Builds a question with its choices.
 * @param {object} question
 * @param {string} question.id unique on the page
 * @param {string} question.name of the field
 * @param {string} question.text
 * @param {Choice[]} question.choices
 * @param {"radio" | "checkbox"} [question.type]
 * @returns {HTMLElement}
 */
export function choices({ id, name, text, choices, type = "radio" }) {
  return build(
    "fieldset",
    { class: "choices" },
    build("legend", {}, text),
    ...choices.map(({ value, title }) => {
      const input = build("input", { type, name, value, id: `${id}-${value}` });
      if (type === "radio") input.setAttribute("required", "");
      return build("label", { for: `${id}-${value}` }, input, build("span", {}, title));
    }),
  );
}
