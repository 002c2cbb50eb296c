import { build, svg } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { faultsOfOthers, lookOf, mapAt, messagesOf } from "../../model/map.js";
import { CLIENT, HEIGHT, layOut, linkTitle, UNKNOWN, WIDTH } from "../../model/system.js";
import { hue } from "../../base/palette.js";
import { deathMark } from "./death_mark.js";
import { MessageAnimation } from "./message_animation.js";
import { Place } from "./place.js";

/**
 * @typedef {import("../../model/map.js").Fault} Fault
 * @typedef {import("../../model/system.js").System} System
 */

/**
 * The map of a system. A link or a service that is chosen sends `choose` with its target as detail,
 * a fault to be healed `heal` with the fault; what stands on the map never moves.
 */
export class LabMap extends HTMLElement {
  /** @type {System} */
  #system = { services: [], links: [] };
  /** @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Map<string, SVGElement>} */
  #wires = new Map();
  /** @type {Map<string, string>} */
  #titles = new Map();
  /** @type {import("../../model/system.js").Wire[]} */
  #drawn = [];
  #height = HEIGHT;
  /** @type {Fault[]} */
  #faults = [];
  /** Whether it is known what is broken. */
  #known = false;
  #since = performance.now();
  #box = build("div", { class: "box", role: "group", "aria-label": gettext("Network") });
  #deaths = build("div", { class: "deaths" });
  #note = build("p", { class: "of-moment", role: "status" });
  #orderId = "";
  #past = false;
  #animation = new MessageAnimation();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @returns {void} */
  connectedCallback() {
    this.replaceChildren(this.#box, this.#note);
    this.#ticking = setInterval(() => this.#tick(), 1000);
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#ticking);
  }

  /** @param {System} system to be drawn */
  set system(system) {
    this.#system = system;
    this.#places = new Map();
    const client = gettext("Client");
    const { boxes, wires, seen, height } = layOut(system);
    this.#height = height;
    this.style.setProperty("--height", String(height));
    this.classList.toggle("graph", wires.some(({ tiny }) => tiny));
    this.#drawn = wires;
    this.#animation.wires = wires;
    this.#wires = new Map(wires.map(({ name, path }) => [
      name,
      svg(
        "g",
        { class: "wire whole" },
        svg("path", { class: "halo", d: path }),
        svg("path", { d: path }),
      ),
    ]));
    const arrow = svg("path", { d: "M1 1l6 5-6 5", class: "head" });
    const marker = {
      id: "arrow",
      orient: "auto",
      markerWidth: 8,
      markerHeight: 12,
      refX: 6,
      refY: 6,
    };
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("defs", {}, svg("marker", { ...marker, markerUnits: "userSpaceOnUse" }, arrow)),
      ...seen.map(({ path }) => svg("g", { class: "wire seen" }, svg("path", { d: path }))),
      ...this.#wires.values(),
      this.#animation.element,
    );
    this.#box.replaceChildren(
      picture,
      ...boxes.map((box) => this.#node(box, client)),
      ...wires.map((wire) => this.#chip(wire, client)),
      this.#deaths,
    );
    if (this.#known) this.show(this.#faults);
  }

  /**
   * @param {Fault[]} faults in force
   * @param {Array<{target: string, kind: string, title: string}>} [kinds]
   * @returns {void}
   */
  show(faults, kinds) {
    this.#known = true;
    if (kinds) {
      this.#titles = new Map(kinds.map((kind) => [`${kind.target} ${kind.kind}`, kind.title]));
    }
    this.#faults = faults;
    this.#since = performance.now();
    if (!this.#past) this.#draw(faults);
  }

  /**
   * Shows a moment of a trace instead of what is so now.
   * @param {{known: import("../../model/trace/messages/message.js").Known, at: number, time: string} | null} moment
   * @returns {void}
   */
  showMoment(moment) {
    this.#past = moment !== null;
    this.classList.toggle("past", this.#past);
    const { faults, messages } = moment
      ? mapAt(this.#system, moment.known, moment.at)
      : { faults: this.#faults, messages: [] };
    this.#note.textContent = moment
      ? interpolate(gettext("As it was at %(time)s"), { time: moment.time })
      : "";
    this.#draw(faults);
    this.#animation.hold(messages);
  }

  /**
   * @param {Fault[]} faults
   * @returns {void}
   */
  #draw(faults) {
    const titled = (/** @type {Pick<Fault, "target" | "kind">} */ fault) =>
      this.#titles.get(`${fault.target} ${fault.kind}`) ?? fault.kind;
    for (const [target, place] of this.#places) {
      const ours = faults.filter((fault) => fault.target === target);
      const others = this.#past ? [] : faultsOfOthers(this.#system, target);
      const here = [...ours, ...others];
      place.show(here, titled);
      this.#wires.get(target)?.setAttribute("class", `wire ${lookOf(here)}`);
    }
    this.#tick();
  }

  /** @param {string[]} services that do not answer, not even when asked directly */
  set silent(services) {
    for (const [target, place] of this.#places) place.silent = services.includes(target);
  }

  /** @param {string} target whose menu is open; empty for none */
  set opened(target) {
    for (const [name, place] of this.#places) {
      place.element.classList.toggle("opened", name === target);
      this.#wires.get(name)?.classList.toggle("opened", name === target);
    }
  }

  /**
   * Lets the messages of ended calls move along their links, and marks where one died.
   * @param {import("../../model/map.js").CallSpan[]} spans
   * @returns {void}
   */
  move(spans) {
    if (this.#past) return;
    const messages = spans.flatMap((span) => messagesOf(this.#system, span));
    this.#animation.start(messages);
    for (const message of messages) {
      if (message.orderId && message.orderId !== this.#orderId) {
        this.#orderId = message.orderId;
        this.#deaths.replaceChildren();
      }
      if (message.end) this.#mark(message.link, message.end, message.orderId);
    }
  }

  /**
   * @param {string} link
   * @param {string} end
   * @param {string} orderId
   * @returns {void}
   */
  #mark(link, end, orderId) {
    const wire = this.#drawn.find((each) => each.name === link);
    if (!wire) return;
    const mark = deathMark(link, end, orderId);
    this.#put(mark, wire.start.x, wire.start.y);
    this.#deaths.querySelector(`[data-link="${link}"]`)?.remove();
    this.#deaths.append(mark);
  }

  /**
   * @param {import("../../model/system.js").Box} box
   * @param {string} client
   * @returns {HTMLElement}
   */
  #node({ name, x, y, width, height }, client) {
    const service = this.#system.services.find((each) => each.name === name);
    const title = name === CLIENT ? client : service?.title ?? name;
    const where = name === CLIENT ? gettext("this browser") : portOf(service?.port);
    const words = [build("b", { title }, title), build("span", { class: "where" }, where)];
    const known = service || name === CLIENT;
    const kind = name === CLIENT ? "client" : known ? "" : "other";
    const node = build("div", { class: `node ${hue(name)} ${kind}` });
    if (service) node.append(this.#breakable(name, title, words));
    else if (known) node.append(...words, build("span", { class: "line" }, gettext("running")));
    else node.append(build("b", { title: this.#whyOther(name) }, name));
    this.#put(node, x, y);
    node.style.width = `${(width / WIDTH) * 100}%`;
    node.style.height = `${(height / this.#height) * 100}%`;
    return node;
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {HTMLElement[]} words
   * @returns {HTMLElement}
   */
  #breakable(name, title, words) {
    const place = this.#place(name, title, gettext("running"));
    place.control.append(...words, build("span", { class: "line" }, ...place.parts));
    return place.element;
  }

  /**
   * @param {import("../../model/system.js").Wire} wire
   * @param {string} client
   * @returns {HTMLElement}
   */
  #chip({ name, chip, short }, client) {
    const title = linkTitle(this.#system, name, client);
    const place = this.#place(name, title, gettext("OK"));
    if (!short) place.control.append(build("span", { class: "title" }, title));
    place.control.append(...place.parts);
    const element = build("div", { class: `chip ${short ? "short" : ""}` }, place.element);
    this.#put(element, chip.x, chip.y);
    return element;
  }

  /**
   * @param {string} target
   * @param {string} title
   * @param {string} ok
   * @returns {Place}
   */
  #place(target, title, ok) {
    const place = new Place(target, title, ok, {
      open: () => this.dispatchEvent(new CustomEvent("choose", { detail: target })),
      heal: (fault) => this.dispatchEvent(new CustomEvent("heal", { detail: fault })),
    });
    this.#places.set(target, place);
    return place;
  }

  /**
   * @param {string} name of one that is no service of the system
   * @returns {string}
   */
  #whyOther(name) {
    return name === UNKNOWN
      ? gettext("Who calls this link is not known yet.")
      : interpolate(gettext("%(name)s is known from its calls alone."), { name });
  }

  /**
   * @param {HTMLElement} element
   * @param {number} x
   * @param {number} y
   * @returns {void}
   */
  #put(element, x, y) {
    element.style.left = `${(x / WIDTH) * 100}%`;
    element.style.top = `${(y / this.#height) * 100}%`;
  }

  /** @returns {void} */
  #tick() {
    const passed = (performance.now() - this.#since) / 1000;
    for (const place of this.#places.values()) place.tick(passed);
  }
}

/** @param {number | null | undefined} port @returns {string} */
function portOf(port) {
  return port ? `:${port}` : "";
}

customElements.define("lab-map", LabMap);
