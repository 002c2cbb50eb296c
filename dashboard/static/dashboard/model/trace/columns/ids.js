const ID = /^[0-9a-f]{16}$/;

/**
 * The ids of a trace's spans as numbers, so that columns hold them. Those that came packed stay as
 * they are, two words each; a text is made of one when somebody reads it.
 */
export class Ids {
  /** Two words of 32 bits each. */
  #words;
  #packed;
  /** @type {string[]} those that came later, in the order of their numbers */
  #later = [];
  /** @type {Map<string, number>} */
  #numbers = new Map();
  /** @type {Int32Array | null} the packed ones by a hash of them; made when one is looked for */
  #slots = null;

  /** @param {Uint32Array} [words] */
  constructor(words = new Uint32Array()) {
    this.#words = words;
    this.#packed = words.length / 2;
  }

  /** @returns {number} how many there are */
  get count() {
    return this.#packed + this.#later.length;
  }

  /**
   * @param {number} number
   * @returns {string} empty for none
   */
  text(number) {
    if (number >= this.#packed) return this.#later[number - this.#packed] ?? "";
    return hex(this.#words[2 * number]) + hex(this.#words[2 * number + 1]);
  }

  /**
   * @param {string} text
   * @returns {number} -1 where no span has or names it
   */
  numberOf(text) {
    return this.#numbers.get(text) ?? this.#packedNumber(text);
  }

  /**
   * @param {string} text
   * @returns {number} the one it has, or is given now
   */
  add(text) {
    const known = this.numberOf(text);
    if (known >= 0) return known;
    this.#numbers.set(text, this.count);
    return this.#later.push(text) - 1 + this.#packed;
  }

  /**
   * @param {string} text
   * @returns {number}
   */
  #packedNumber(text) {
    if (!this.#packed || !ID.test(text)) return -1;
    const [high, low] = [parseInt(text.slice(0, 8), 16), parseInt(text.slice(8), 16)];
    const slots = this.#slots ??= this.#hashed();
    const last = slots.length - 1;
    for (let slot = hash(high, low) & last;; slot = (slot + 1) & last) {
      const number = /** @type {number} */ (slots[slot]);
      if (number < 0) return -1;
      if (this.#words[2 * number] === high && this.#words[2 * number + 1] === low) return number;
    }
  }

  /** @returns {Int32Array} half empty at least: a walk for one that is missing ends soon */
  #hashed() {
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * this.#packed + 1))).fill(-1);
    const last = slots.length - 1;
    for (let number = 0; number < this.#packed; number++) {
      let slot = hash(this.#words[2 * number] ?? 0, this.#words[2 * number + 1] ?? 0) & last;
      while (/** @type {number} */ (slots[slot]) >= 0) slot = (slot + 1) & last;
      slots[slot] = number;
    }
    return slots;
  }
}

/**
 * @param {number} high
 * @param {number} low
 * @returns {number}
 */
function hash(high, low) {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/**
 * @param {number} [word]
 * @returns {string}
 */
function hex(word = 0) {
  return word.toString(16).padStart(8, "0");
}
