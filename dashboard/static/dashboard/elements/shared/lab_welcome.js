import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";

/**
 * What to do here, in three steps, as long as nothing has happened yet: `cut`, `place` and `example`
 * are sent by its buttons.
 */
export class LabWelcome extends HTMLElement {
  /**
   * @param {string} link that is offered to be cut
   * @returns {void}
   */
  show(link) {
    const act = (/** @type {string} */ name) => () => this.dispatchEvent(new CustomEvent(name));
    const place = button(gettext("Place order"), act("place"));
    place.append(build("kbd", { "aria-hidden": "true" }, "O"));
    const steps = [
      step(
        gettext("Break"),
        gettext("Choose a link or a service on the map, or cut this one now."),
        button(interpolate(gettext("Cut %(link)s"), { link }), act("cut"), { class: "primary" }),
      ),
      step(
        gettext("Place an order"),
        gettext("It starts in this browser and goes through the broken link."),
        place,
      ),
      step(
        gettext("Read why"),
        gettext("What is certain, what cannot be known, and what settles it appear right here."),
        button(gettext("See an example"), act("example")),
      ),
    ];
    this.replaceChildren(
      build("h2", {}, gettext("Break a link. Place an order. See what each side could know.")),
      build(
        "p",
        { class: "lead" },
        gettext(
          "Two services that run for real, and a network between them that fails as networks fail.",
        ),
      ),
      build("ol", { class: "plain" }, ...steps),
    );
  }
}

/**
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function step(title, text, control) {
  return build("li", {}, build("h3", {}, title), build("p", {}, text), control);
}

customElements.define("lab-welcome", LabWelcome);
