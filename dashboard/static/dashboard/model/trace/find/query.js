/**
 * @typedef {"=" | "!=" | ">" | "<" | ">=" | "<="} Operator
 *
 * @typedef {{text: string} | {error: true} | {key: string, operator: Operator, value: string}} Term
 *   One condition. All of them must hold.
 *
 * @typedef {(key: string, span: import("../span.js").Span) => unknown} AttributeOf
 *   The value of an attribute of a span; undefined where it has none.
 *
 * @typedef {object} Found What is looked for.
 * @property {string} query as it was written
 * @property {Term[]} terms
 * @property {AttributeOf} attributeOf
 */

const TERM = /(?:"[^"]*"|[^\s"])+/g;
const COMPARISON = /^([^\s"=!<>]+)(!=|>=|<=|=|>|<)(.*)$/s;

/** Which of what every span has are times. */
export const TIMES = ["duration", "self"];
/** What every span has of its own, under these names, besides its attributes. */
export const OWN = ["name", "service", "kind", "error", "span", "path", ...TIMES];

/**
 * Reads what is looked for: texts, `error`, `service:NAME`, `key=value`, `key!=value`, `key>n` and
 * the like, with spaces between; a space within stands in quotes.
 * @param {string} query
 * @returns {Term[]}
 */
export function parse(query) {
  return [...query.matchAll(TERM)].flatMap(([word]) => termOf(word) ?? []);
}

/**
 * @param {string} word
 * @returns {Term | null} null where it looks for nothing
 */
function termOf(word) {
  if (word === "error") return { error: true };
  const service = /^service:(.*)$/s.exec(word)?.[1];
  if (service !== undefined) {
    const value = unquoted(service);
    return value ? { key: "service", operator: "=", value } : null;
  }
  const [, key, operator, value] = COMPARISON.exec(word) ?? [];
  if (key && operator && value !== undefined) {
    return { key, operator: /** @type {Operator} */ (operator), value: unquoted(value) };
  }
  const text = unquoted(word);
  return text ? { text } : null;
}

/**
 * The attributes that have to be known.
 * @param {Term[]} terms
 * @returns {string[]}
 */
export function attributesOf(terms) {
  const keys = terms.flatMap((term) => "key" in term && !OWN.includes(term.key) ? [term.key] : []);
  return [...new Set(keys)];
}

/**
 * @param {string} text
 * @returns {string}
 */
function unquoted(text) {
  return text.replaceAll('"', "");
}
