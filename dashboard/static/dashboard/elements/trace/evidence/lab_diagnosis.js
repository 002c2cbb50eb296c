import { build, button } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { hue } from "../../../base/palette.js";
import { isStatus, TONES } from "../../shared/status_badge.js";

/**
 * @typedef {{type: "span" | "log", id: string, service: string}} Proof
 * @typedef {{kind: string, text: string, proofs: Proof[]}} Sentence
 * @typedef {{headline: string, sentences: Sentence[]}} Diagnosis
 */

const MOST_PROOFS = 4;
const MOST_SENTENCES = 4;
const NARROW = matchMedia("(max-width: 56.25rem)");

/** @type {Record<string, import("../../../base/icons.js").IconName>} */
const ICONS = { fact: "record", certain: "check", unknown: "question", settles: "key" };

/**
 * What the records prove, in a headline and sentences, the first ones at once; a proof that is chosen
 * sends `prove`, which bubbles. Facts of the trace that its owner puts into it stay: in brief (`brief`) at the
 * headline's end, or in a line below it (`trace-facts`).
 */
export class LabDiagnosis extends HTMLElement {
  #whole = false;
  #shown = "";
  /** @type {Diagnosis | null} */
  #diagnosis = null;
  #kinds = /** @type {Record<string, string>} */ ({
    fact: gettext("recorded"),
    certain: gettext("certain"),
    unknown: gettext("cannot be known"),
    settles: gettext("what settles it"),
  });

  constructor() {
    super();
    NARROW.addEventListener("change", () => this.#diagnosis && this.#draw(this.#diagnosis));
  }

  /**
   * @param {Diagnosis} diagnosis
   * @returns {void}
   */
  show(diagnosis) {
    const shown = JSON.stringify(diagnosis);
    // What has not changed stays, with the focus that it has.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#draw(diagnosis);
  }

  /**
   * @param {Diagnosis} diagnosis
   * @returns {void}
   */
  #draw(diagnosis) {
    this.#diagnosis = diagnosis;
    const first = leading(diagnosis.sentences);
    const hidden = diagnosis.sentences.length - first.length;
    const toggle = button(
      this.#whole ? gettext("less") : ngettext("%s more", "%s more", hidden),
      () => {
        this.#whole = !this.#whole;
        this.#draw(diagnosis);
        /** @type {HTMLElement | null} */ (this.querySelector(".toggle"))?.focus();
      },
      { class: "link toggle", "aria-expanded": String(this.#whole) },
    );
    const sentences = this.#whole ? diagnosis.sentences : first;
    this.replaceChildren(
      build(
        "div",
        { class: "top" },
        headline(diagnosis.headline),
        ...(hidden ? [toggle] : []),
        ...this.querySelectorAll(".brief"),
      ),
      ...this.querySelectorAll(":scope > .trace-facts"),
      build("ul", { class: "plain" }, ...sentences.map((each) => this.#sentence(each))),
    );
  }

  /**
   * @param {Sentence} sentence
   * @returns {HTMLElement}
   */
  #sentence({ kind, text, proofs }) {
    const numbers = proofs.slice(0, MOST_PROOFS).map((each, n) => proof(each, n));
    return build(
      "li",
      { class: kind },
      build("span", { class: "kind" }, icon(ICONS[kind] ?? "record"), this.#kinds[kind] ?? kind),
      build("span", {}, text, " ", ...numbers),
    );
  }
}

/**
 * The sentences that come first: one of each kind, and then as many as there is room for; on a
 * narrow screen what is certain.
 * @param {Sentence[]} sentences
 * @returns {Sentence[]} in their order
 */
function leading(sentences) {
  if (NARROW.matches) {
    const certain = sentences.filter((each) => each.kind === "certain");
    return (certain.length ? certain : sentences).slice(0, 1);
  }
  const one = sentences.filter((each, at) =>
    sentences.findIndex((other) => other.kind === each.kind) === at
  );
  const rest = sentences.filter((each) => !one.includes(each));
  const chosen = new Set([...one, ...rest].slice(0, MOST_SENTENCES));
  return sentences.filter((each) => chosen.has(each));
}

/**
 * The headline, with the order's status as a badge.
 * @param {string} text
 * @returns {HTMLElement}
 */
function headline(text) {
  const [, status, colon = "", rest] = /^([A-Z]{4,})([:：]\s*)(.+)$/su.exec(text) ?? [];
  if (!status || !rest || !isStatus(status)) return build("h2", { class: "headline" }, text);
  const badge = build("span", { class: `status ${TONES[status] ?? ""}` }, status);
  const hidden = build("span", { class: "visually-hidden" }, colon);
  return build("h2", { class: "headline" }, badge, hidden, rest);
}

/**
 * @param {Proof} proof
 * @param {number} index
 * @returns {HTMLElement}
 */
function proof(proof, index) {
  const what = proof.type === "span" ? gettext("span") : gettext("log line");
  const shown = button(`${index + 1}`, () => {
    shown.dispatchEvent(new CustomEvent("prove", { detail: proof, bubbles: true }));
  }, {
    class: `proof service ${hue(proof.service)}`,
    "aria-label": interpolate(gettext("Evidence %(number)s: %(service)s %(what)s"), {
      number: index + 1,
      what,
      service: proof.service,
    }),
    title: `${what} · ${proof.service}`,
  });
  return shown;
}

customElements.define("lab-diagnosis", LabDiagnosis);
