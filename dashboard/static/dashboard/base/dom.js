const SVG = "http://www.w3.org/2000/svg";
const SLIDE_MS = 250;

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
 * Builds a table. An empty heading is a plain cell.
 * @param {Array<Node | string>} headings
 * @param {HTMLElement} body
 * @returns {HTMLElement}
 */
export function table(headings, body) {
  const cells = headings.map((each) =>
    each === "" ? build("td") : build("th", { scope: "col" }, each)
  );
  return build("table", {}, build("thead", {}, build("tr", {}, ...cells)), body);
}

/**
 * Builds a region that scrolls by itself, by the keyboard as well.
 * @param {string} label
 * @param {...Node} children
 * @returns {HTMLElement}
 */
export function scrollable(label, ...children) {
  const attributes = { class: "scroll", tabindex: "0", role: "region", "aria-label": label };
  return build("div", attributes, ...children);
}

/**
 * Gives an element other children; those that it has and keeps stay as they are, where they can.
 * @param {Element} parent
 * @param {Element[]} children in their order
 * @returns {void}
 */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const each of [...parent.children]) if (!wanted.has(each)) each.remove();
  children.forEach((child, at) => {
    const there = parent.children[at];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

/**
 * Draws rows anew. When others come above those that are there, they do not jump down but slide, for
 * those who do not mind motion.
 * @param {Element} list
 * @param {() => void} draw
 * @returns {void}
 */
export function sliding(list, draw) {
  const first = list.firstElementChild;
  const place = (/** @type {Element | null} */ row) =>
    row instanceof HTMLElement && row.isConnected ? row.offsetTop : 0;
  const before = place(first);
  draw();
  const moved = place(first) - before;
  if (moved <= 0) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.animate([{ transform: `translateY(${-moved}px)` }, { transform: "none" }], {
    duration: still ? 1 : SLIDE_MS,
    easing: "ease-out",
    composite: "add",
  });
}

/**
 * Gives an element attributes, where it has others.
 * @param {Element} element
 * @param {Record<string, string | null>} attributes null for one that it shall not have
 * @returns {void}
 */
export function change(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) === value) continue;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

/**
 * Gives an element a text, where it has another one.
 * @param {Element} element
 * @param {string} text
 * @returns {void}
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Redraws a part of the page and keeps the focus, on the element with the same attribute, wherever
 * the page is scrolled to.
 * @param {Element} container
 * @param {string} attribute that identifies an element before and after
 * @param {() => void} draw
 * @returns {void}
 */
export function keepingFocus(container, attribute, draw) {
  const focused = document.activeElement;
  const name = container.contains(focused) ? focused?.getAttribute(attribute) : null;
  draw();
  if (!name) return;
  const redrawn = container.querySelector(`[${attribute}="${CSS.escape(name)}"]`);
  /** @type {HTMLElement | SVGElement | null} */ (redrawn)?.focus({ preventScroll: true });
}

/**
 * Where along an element the pointer is.
 * @param {MouseEvent} event
 * @param {Element} element
 * @returns {number} from 0 (left) to 1
 */
export function pointerFraction(event, element) {
  const box = element.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
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
