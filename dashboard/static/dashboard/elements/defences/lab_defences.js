import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { fetchJson } from "../../wire/api.js";
import { serviceTitle } from "../shared/service_title.js";

/**
 * @typedef {{name: string, side: string, title: string, text: string, on: boolean}} Defence
 */

/** The services' defences: a button with how many are on, which opens them as switches. */
export class LabDefences extends HTMLElement {
  /** @type {Defence[]} */
  #defences = [];
  /** @type {Map<string, HTMLElement>} */
  #switches = new Map();
  #count = build("span", { class: "quiet" });
  #opener = button(gettext("Defences"), () => this.#drawer.showModal(), {
    "aria-haspopup": "dialog",
  });
  #problem = build("p", { class: "problem", role: "alert" });
  #list = build("div", { class: "list" });
  #drawer = /** @type {HTMLDialogElement} */ (build("dialog", {
    class: "drawer",
    "aria-label": gettext("Defences"),
  }));

  /** @returns {void} */
  connectedCallback() {
    this.#opener.prepend(icon("shield"));
    this.#opener.append(this.#count);
    const close = button("", () => this.#drawer.close(), {
      class: "bare",
      "aria-label": gettext("Close"),
    });
    close.append(icon("close"));
    const off = button(gettext("All off"), () => {
      this.#set(Object.fromEntries(this.#defences.map(({ name }) => [name, false])));
    });
    this.#drawer.replaceChildren(
      build("header", {}, icon("shield"), build("h2", {}, gettext("Defences")), close),
      build(
        "p",
        { class: "quiet lead" },
        gettext("All off is the naive flow. Break something, then see what holds."),
      ),
      this.#list,
      build("footer", {}, off, this.#problem),
    );
    this.#drawer.addEventListener("click", (event) => {
      if (event.target === this.#drawer) this.#drawer.close();
    });
    this.replaceChildren(this.#opener, this.#drawer);
  }

  /**
   * @param {Defence[]} defences
   * @returns {void}
   */
  show(defences) {
    if (defences.some(({ name }) => !this.#switches.has(name))) this.#draw(defences);
    this.#defences = defences;
    for (const { name, on } of defences) {
      this.#switches.get(name)?.setAttribute("aria-checked", String(on));
    }
    const on = defences.filter((each) => each.on).length;
    this.#count.textContent = interpolate(gettext("%(count)s on"), { count: on });
    this.#count.classList.toggle("some", on > 0);
  }

  /**
   * @param {Defence[]} defences
   * @returns {void}
   */
  #draw(defences) {
    const sides = new Map(defences.map(({ side }) => [side, /** @type {Defence[]} */ ([])]));
    for (const each of defences) sides.get(each.side)?.push(each);
    this.#list.replaceChildren(
      ...[...sides].map(([side, members]) =>
        build(
          "section",
          {},
          build("h3", { class: `service ${side}` }, serviceTitle(side)),
          build("ul", { class: "plain" }, ...members.map((each) => this.#row(each))),
        )
      ),
    );
  }

  /**
   * @param {Defence} defence
   * @returns {HTMLElement}
   */
  #row({ name, title, text }) {
    const id = `defence-${name}`;
    const control = button("", () => {
      this.#set({ [name]: control.getAttribute("aria-checked") !== "true" });
    }, { role: "switch", "aria-labelledby": id });
    this.#switches.set(name, control);
    return build(
      "li",
      {},
      build("div", {}, build("b", { id }, title), build("p", { class: "quiet" }, text)),
      control,
    );
  }

  /**
   * @param {Record<string, boolean>} states
   * @returns {Promise<void>}
   */
  async #set(states) {
    this.#problem.textContent = "";
    try {
      this.show((await fetchJson("/api/defences", { method: "PATCH", body: states })).defences);
    } catch (error) {
      this.#problem.textContent = messageOf(error);
    }
  }
}

customElements.define("lab-defences", LabDefences);
