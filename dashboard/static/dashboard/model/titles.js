/**
 * @param {string} title
 * @returns {string} as it stands within a sentence: an acronym stays as it is
 */
export function inSentence(title) {
  const isWord = /^\p{Lu}\p{Ll}/u.test(title);
  return isWord ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
