import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";

/**
 * @typedef {{type: "span" | "log", id: string, service: string}} Proof
 * @typedef {{headline: string, sentences: Array<{kind: string, text: string, proofs: Proof[]}>}} Diagnosis
 */

const MOST_PROOFS = 4;

/** What the records prove, in sentences; a proof that is chosen sends `prove`, which bubbles. */
export class LabDiagnosis extends HTMLElement {
  #kinds = /** @type {Record<string, string>} */ ({
    fact: gettext("recorded"),
    certain: gettext("certain"),
    unknown: gettext("cannot be known"),
    settles: gettext("would settle it"),
  });

  /**
   * @param {Diagnosis} diagnosis
   * @returns {void}
   */
  show(diagnosis) {
    const sentences = diagnosis.sentences.map(({ kind, text, proofs }) =>
      build(
        "li",
        { class: kind },
        build("span", { class: "badge" }, this.#kinds[kind] ?? kind),
        build(
          "span",
          {},
          text,
          " ",
          ...proofs.slice(0, MOST_PROOFS).map((each, n) => proof(each, n)),
        ),
      )
    );
    this.replaceChildren(
      build("h3", { class: "headline" }, diagnosis.headline),
      build("ul", { class: "plain" }, ...sentences),
    );
  }
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
    class: `proof ${proof.service}`,
    "aria-label": interpolate(gettext("proof %(number)s: a %(what)s of %(service)s"), {
      number: index + 1,
      what,
      service: proof.service,
    }),
    title: `${what} · ${proof.service}`,
  });
  return shown;
}

customElements.define("lab-diagnosis", LabDiagnosis);
