const SVG = "http://www.w3.org/2000/svg";

/**
 * Builds an element. Texts are never markup.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function build(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Builds an SVG element.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * Builds a button.
 * @param {string} text
 * @param {() => void} pressed
 * @param {Record<string, string>} attributes
 * @returns {HTMLButtonElement}
 */
export function button(text, pressed, attributes = {}) {
  const made = /** @type {HTMLButtonElement} */ (build(
    "button",
    { type: "button", ...attributes },
    text,
  ));
  made.addEventListener("click", pressed);
  return made;
}

/**
 * Finds an element that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
