/** The texts that spans share, each kept once: columns hold their numbers. */
export class Texts {
  /** @type {Map<string, number> | null} made when one is looked for */
  #numbers = null;

  /** @param {string[]} [all] */
  constructor(all = []) {
    this.all = all;
  }

  /**
   * @param {number} number
   * @returns {string}
   */
  at(number) {
    return this.all[number] ?? "";
  }

  /**
   * @param {string} text
   * @returns {number} -1 where none is so
   */
  numberOf(text) {
    this.#numbers ??= new Map(this.all.map((each, number) => [each, number]));
    return this.#numbers.get(text) ?? -1;
  }

  /**
   * @param {string} text
   * @returns {number} the one it has, or is given now
   */
  add(text) {
    const known = this.numberOf(text);
    if (known >= 0) return known;
    this.#numbers?.set(text, this.all.length);
    return this.all.push(text) - 1;
  }
}
