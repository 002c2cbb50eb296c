import { build, button } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { hue } from "../../../base/palette.js";
import { duration } from "../../../base/time.js";
import { flameOf, placedIn } from "../../../model/trace/sums/flame.js";

/**
 * @typedef {import("../../../model/trace/sums/flame.js").Frame} Frame
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 */

const ROW = 1.625;
const MOST_FRAMES = 3_000;
const LEAST_NAMED_PX = 32;

/**
 * A flame graph: the calls of one operation below the same ones as one frame, as wide as the time that
 * was spent in it and below. One that is chosen fills the width; Escape leads out again.
 */
export class LabFlame extends HTMLElement {
  /** @type {Layout | null} */
  #layout = null;
  #root = flameOf([]);
  #within = this.#root;
  /** @type {Map<Frame, HTMLElement>} */
  #drawn = new Map();
  /** @type {Frame | null} */
  #active = null;
  #picture = build("div", {
    class: "frames",
    role: "tree",
    "aria-label": gettext("Flame graph"),
  });
  #line = build("span", { role: "status" });

  /** @returns {void} */
  connectedCallback() {
    if (!this.#picture.isConnected) {
      const keys = gettext("Enter: zoom in · Esc: out");
      const help = build("span", { class: "quiet" }, keys);
      this.replaceChildren(this.#picture, build("p", { class: "of-frame" }, this.#line, help));
      this.#picture.addEventListener("keydown", (event) => this.#key(event));
    }
    this.#draw();
  }

  /**
   * @param {Layout} layout
   * @returns {void}
   */
  show(layout) {
    this.#layout = layout;
    this.#draw();
  }

  /** @returns {void} */
  #draw() {
    if (!this.isConnected || !this.#layout) return;
    const path = pathOf(this.#within);
    const active = this.#active && pathOf(this.#active);
    this.#root = flameOf(this.#layout.listed);
    this.#within = path.reduce(childOf, this.#root);
    this.#active = active ? active.reduce(childOf, this.#root) : null;
    this.#place();
  }

  /** @returns {void} */
  #place() {
    const placed = placedIn(this.#within).slice(0, MOST_FRAMES);
    const focused = this.#picture.contains(document.activeElement);
    if (!this.#active || !placed.some(({ frame }) => frame === this.#active)) {
      this.#active = placed[0]?.frame ?? null;
    }
    const room = this.#picture.clientWidth;
    this.#drawn = new Map(placed.map(({ frame, left, width }) => {
      const drawn = this.#frame(frame);
      // Of a name that does not fit, some letters would say nothing.
      if (width * room < LEAST_NAMED_PX) drawn.textContent = "";
      drawn.style.left = `${left * 100}%`;
      drawn.style.width = `${width * 100}%`;
      drawn.style.top = `${(frame.depth - 1) * ROW}rem`;
      return [frame, drawn];
    }));
    const deepest = placed.reduce((most, { frame }) => Math.max(most, frame.depth), 0);
    this.#picture.style.height = `${deepest * ROW}rem`;
    this.#picture.replaceChildren(...this.#drawn.values());
    this.#tell(this.#active);
    if (focused) this.#focus(this.#active);
  }

  /**
   * @param {Frame} frame
   * @returns {HTMLElement}
   */
  #frame(frame) {
    const text = this.#text(frame);
    const drawn = button(named(frame), () => this.#zoom(frame), {
      class: `frame ${hue(frame.service)} ${frame.failed ? "failed" : ""}`,
      role: "treeitem",
      "aria-level": String(frame.depth),
      "aria-label": text,
      title: text,
      tabindex: frame === this.#active ? "0" : "-1",
    });
    drawn.addEventListener("focus", () => this.#tell(frame));
    drawn.addEventListener("pointerenter", () => this.#tell(frame));
    return drawn;
  }

  /**
   * @param {Frame} frame
   * @returns {string}
   */
  #text({ service, name, count, failed, total, self, value }) {
    const share = this.#root.value ? Math.round((value / this.#root.value) * 1000) / 10 : 0;
    const text = gettext(
      "%(service)s · %(name)s: %(calls)s, %(total)s, self %(self)s, with all below %(share)s",
    );
    const told = interpolate(text, {
      service,
      name: name || gettext("(no name)"),
      calls: ngettext("%s call", "%s calls", count),
      total: duration(total / 1e6),
      self: duration(self / 1e6),
      share: `${share} %`,
    });
    return failed ? `${told}, ${ngettext("%s failed", "%s failed", failed)}` : told;
  }

  /**
   * @param {Frame | null} frame
   * @returns {void}
   */
  #tell(frame) {
    const text = frame ? this.#text(frame) : gettext("No span is seen from here.");
    if (this.#line.textContent !== text) this.#line.textContent = text;
  }

  /**
   * @param {Frame} frame
   * @returns {void}
   */
  #zoom(frame) {
    this.#active = frame;
    this.#within = frame === this.#within ? this.#root : frame;
    this.#place();
    this.#focus(frame);
  }

  /**
   * @param {Frame | null | undefined} frame
   * @returns {void}
   */
  #focus(frame) {
    const drawn = frame ? this.#drawn.get(frame) : undefined;
    if (!frame || !drawn) return;
    const before = this.#active && this.#drawn.get(this.#active);
    before?.setAttribute("tabindex", "-1");
    drawn.setAttribute("tabindex", "0");
    this.#active = frame;
    drawn.focus();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    const frame = this.#active;
    if (!frame || event.ctrlKey || event.metaKey || event.altKey) return;
    const siblings = (frame.parent?.children ?? []).filter((each) => this.#drawn.has(each));
    const at = siblings.indexOf(frame);
    const to = {
      ArrowDown: frame.children.find((each) => this.#drawn.has(each)),
      ArrowUp: frame.parent,
      ArrowRight: siblings[at + 1],
      ArrowLeft: siblings[at - 1],
    }[event.key];
    if (event.key === "Escape" && this.#within !== this.#root) this.#zoom(this.#within);
    else if (to && this.#drawn.has(to)) this.#focus(to);
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  }
}

/**
 * @param {Frame} frame
 * @returns {string}
 */
function named({ name, count }) {
  const own = name || gettext("(no name)");
  return count > 1 ? `${own} × ${count}` : own;
}

/**
 * @param {Frame} frame
 * @returns {Frame[]} those above it and itself, without the root
 */
function pathOf(frame) {
  const found = [];
  for (let each = /** @type {Frame | null} */ (frame); each?.parent; each = each.parent) {
    found.unshift(each);
  }
  return found;
}

/**
 * @param {Frame} parent
 * @param {Frame} like
 * @returns {Frame} the child of the same operation; the parent where there is none
 */
function childOf(parent, like) {
  const same = ({ service = "", name = "" }) => service === like.service && name === like.name;
  return parent.children.find(same) ?? parent;
}

customElements.define("lab-flame", LabFlame);
