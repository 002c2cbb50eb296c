/**
 * @typedef {object} Catalogue Django's JavaScript catalogue.
 * @property {(text: string) => string} [gettext]
 * @property {(one: string, many: string, count: number) => string} [ngettext]
 */
const catalogue = /** @type {Catalogue} */ (globalThis);

/**
 * Translates a text.
 * @param {string} text
 * @returns {string}
 */
export function gettext(text) {
  return catalogue.gettext ? catalogue.gettext(text) : text;
}

/**
 * Translates a text that counts, and puts the count for `%s`.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @returns {string}
 */
export function ngettext(one, many, count) {
  const text = catalogue.ngettext ? catalogue.ngettext(one, many, count) : count === 1 ? one : many;
  return text.replace("%s", String(count));
}

/**
 * One text of several sentences, which some languages write without a space between them.
 * @param {string[]} texts
 * @returns {string}
 */
export function sentences(texts) {
  const joined = gettext("%(first)s %(second)s");
  return texts.slice(1).reduce(
    (first, second) => interpolate(joined, { first, second }),
    texts[0] ?? "",
  );
}

/**
 * Puts values for the `%(name)s` of a translated text.
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function interpolate(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Writes a number in the language of the page, whatever the browser's.
 * @param {number} value
 * @returns {string}
 */
export function formatted(value) {
  return value.toLocaleString(document.documentElement.lang);
}

/**
 * What something is, and what is said of it; some languages have a colon of their own.
 * @param {string} name
 * @param {string} text
 * @returns {string}
 */
export function labelled(name, text) {
  return interpolate(gettext("%(name)s: %(text)s"), { name, text });
}
