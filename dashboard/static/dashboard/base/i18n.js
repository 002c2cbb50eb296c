/**
 * Translates a text by Django's JavaScript catalogue.
 * @param {string} text
 * @returns {string}
 */
export function gettext(text) {
  const translate = /** @type {{gettext?: (text: string) => string}} */ (globalThis).gettext;
  return translate ? translate(text) : text;
}
