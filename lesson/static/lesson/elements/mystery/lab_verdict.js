import { build } from "/static/dashboard/base/dom.js";
import { gettext, interpolate } from "/static/dashboard/base/i18n.js";

/**
 * @typedef {object} Verdict
 * @property {string} kind
 * @property {number} points
 * @property {number} most
 * @property {string} text
 * @property {{name: string, title: string}} truth
 * @property {Array<{name: string, title: string, elsewhere: string}>} fitting
 * @property {Array<{name: string, title: string, text: string}>} ruledOut
 */

/** What a mystery was, how the answer was judged, and which evidence would have shown it. */
export class LabVerdict extends HTMLElement {
  /**
   * @param {Verdict} verdict
   * @returns {void}
   */
  show(verdict) {
    const several = verdict.fitting.length > 1;
    const scored = interpolate(gettext("%(points)s of %(most)s points"), {
      points: verdict.points,
      most: verdict.most,
    });
    this.replaceChildren(
      build("p", { class: "kind" }, gettext("It was")),
      build("h2", {}, verdict.truth.title),
      build(
        "p",
        {},
        build(
          "span",
          { class: `badge ${verdict.points === verdict.most ? "good" : "warn"}` },
          scored,
        ),
        " ",
        verdict.text,
      ),
      build(
        "h3",
        {},
        several
          ? gettext("The same to the API. What would tell them apart stands elsewhere:")
          : gettext("Where else it shows:"),
      ),
      list(verdict.fitting.map(({ title, elsewhere }) => [title, elsewhere])),
      ...(verdict.ruledOut.length
        ? [
          build("h3", {}, gettext("What the API's records rule out:")),
          list(verdict.ruledOut.map(({ title, text }) => [title, text])),
        ]
        : []),
    );
  }
}

/**
 * @param {string[][]} rows
 * @returns {HTMLElement}
 */
function list(rows) {
  return build(
    "dl",
    {},
    ...rows.flatMap(([term = "", text = ""]) => [build("dt", {}, term), build("dd", {}, text)]),
  );
}

customElements.define("lab-verdict", LabVerdict);
