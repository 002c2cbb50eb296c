import { build, button, svg } from "../../base/dom.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { hue } from "../../base/palette.js";

/**
 * @typedef {{name: string, letter: string, title: string}} Experiment
 */

/**
 * What to do here, in three steps, as long as nothing has happened yet: `cut`, `place` and `example`
 * are sent by its buttons, `run` with the name of an experiment that does all three.
 */
export class LabWelcome extends HTMLElement {
  #instead = build("p", { class: "instead" });

  /**
   * @param {{title: string, link?: {from: string, to: string}}} offered the link that can be cut here
   * @returns {void}
   */
  show({ title, link: { from, to } = { from: "", to: "" } }) {
    const act = (/** @type {string} */ name) => () => this.dispatchEvent(new CustomEvent(name));
    const place = button(gettext("Place order"), act("place"));
    place.append(build("kbd", { "aria-hidden": "true" }, "O"));
    const steps = [
      step(
        picture(node(44, from), node(144, to), ...brokenLink()),
        gettext("Break"),
        gettext("Choose a link or a service on the map, or cut this one now."),
        button(interpolate(gettext("Cut %(link)s"), { link: title }), act("cut"), {
          class: "primary",
        }),
      ),
      step(
        picture(node(44, "client"), node(144, from), ...message()),
        gettext("Place an order"),
        gettext("It starts in this browser and goes through the broken link."),
        place,
      ),
      step(
        picture(...timeline(from, to)),
        gettext("Read why"),
        gettext("What is certain, what cannot be known, and what settles it appear right here."),
        button(gettext("See an example"), act("example")),
      ),
    ];
    this.#instead.hidden = !this.#instead.hasChildNodes();
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
      this.#instead,
    );
  }

  /** @param {Experiment[]} experiments that do what the steps say by themselves */
  set experiments(experiments) {
    const controls = experiments.map(({ name, letter, title }) => {
      const run = () => this.dispatchEvent(new CustomEvent("run", { detail: name }));
      const control = button("", run, {
        "aria-label": labelled(gettext("Run"), `${letter}: ${title}`),
      });
      control.append(build("b", {}, letter), build("span", { class: "quiet" }, title));
      return control;
    });
    const text = gettext("Or let an experiment do all three:");
    this.#instead.replaceChildren(
      build("span", {}, text),
      build("span", { class: "group", role: "group", "aria-label": text }, ...controls),
    );
    this.#instead.hidden = !controls.length;
  }
}

/**
 * @param {Element} art
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function step(art, title, text, control) {
  return build("li", {}, art, build("h3", {}, title), build("p", {}, text), control);
}

/**
 * @param {...Element} parts
 * @returns {SVGElement}
 */
function picture(...parts) {
  return svg("svg", { class: "art", viewBox: "0 0 240 64", "aria-hidden": "true" }, ...parts);
}

/**
 * @param {number} x
 * @param {string} service
 * @returns {SVGElement}
 */
function node(x, service) {
  return svg("rect", { class: `node ${hue(service)}`, x, y: 18, width: 52, height: 28, rx: 6 });
}

/** @returns {SVGElement[]} */
function brokenLink() {
  return [
    svg("path", { class: "cut", d: "M98 32h44", "stroke-dasharray": "5 5" }),
    svg("circle", { class: "end", cx: 120, cy: 32, r: 10 }),
    svg("path", { class: "cut", d: "M116 28l8 8m0-8l-8 8" }),
  ];
}

/** @returns {SVGElement[]} */
function message() {
  return [
    svg("path", { class: "link", d: "M98 32h42m-6-5l6 5-6 5" }),
    svg("circle", { class: "flight", cx: 116, cy: 32, r: 5 }),
  ];
}

/**
 * A call that is given up while its callee works on.
 * @param {string} caller
 * @param {string} callee
 * @returns {SVGElement[]}
 */
function timeline(caller, callee) {
  const bar = (/** @type {string} */ service, /** @type {number[]} */ [x = 0, y = 0, width = 0]) =>
    svg("rect", { class: `bar ${hue(service)}`, x, y, width, height: 8, rx: 2 });
  return [
    bar(caller, [60, 14, 62]),
    bar(caller, [68, 28, 52]),
    bar(callee, [80, 42, 42]),
    svg("rect", {
      class: `after ${hue(callee)}`,
      x: 122,
      y: 42.5,
      width: 76,
      height: 7,
      rx: 2,
      "stroke-dasharray": "3 2",
    }),
    svg("path", { class: "cut", d: "M121 24v30" }),
  ];
}

customElements.define("lab-welcome", LabWelcome);
