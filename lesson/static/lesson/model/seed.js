// No letters or digits that are mistaken for one another.
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH = 6;

/**
 * Makes a seed that is short enough to be passed on by word of mouth.
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array} [random]
 * @returns {string}
 */
export function newSeed(random = (bytes) => crypto.getRandomValues(bytes)) {
  return [...random(new Uint8Array(LENGTH))]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join("");
}
