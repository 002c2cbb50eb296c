/** @type {CanvasRenderingContext2D | null | undefined} */
let context;
/** @type {Map<string, number>} */
const known = new Map();
const MOST_KNOWN = 2_000;

/**
 * Measures a text, as it is drawn with a font.
 * @param {string} text
 * @param {string} font as in CSS, with its size
 * @returns {number} in pixels
 */
function textWidth(text, font) {
  const key = `${font} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * 7;
  context.font = font;
  const width = context.measureText(text).width;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, width);
  return width;
}

/**
 * Measures texts as an element has them.
 * @param {Element} element
 * @param {string} [weight] of the font, where it isn't the element's
 * @returns {(text: string) => number}
 */
export function measureIn(element, weight) {
  const style = getComputedStyle(element);
  const font = `${weight ?? style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return (text) => textWidth(text, font);
}
