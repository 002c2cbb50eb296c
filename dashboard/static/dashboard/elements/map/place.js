import { build, button } from "../../base/dom.js";
import { icon } from "../../base/icons.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { timeLeft } from "../../model/countdown.js";
import { delays, label } from "../../model/map.js";
import { iconOf } from "../shared/fault_icons.js";

/**
 * @typedef {import("../../model/map.js").Fault} Fault
 * @typedef {Pick<Fault, "id" | "target" | "kind" | "parameters"> & Partial<Fault>} Shown one without
 *   an id is another client's
 */

/**
 * A place that can be broken, a link or a service: a control that opens it, and the state of its
 * faults, with a countdown and a button that heals the only one.
 */
export class Place {
  /** @type {Shown[]} */
  #faults = [];
  /** @type {string[]} */
  #texts = [];
  #shown = "";
  #silent = false;
  #state = build("span", { class: "state" });
  #time = build("span", { class: "time", "aria-hidden": "true" });
  #heal;
  #title;
  #ok;

  /**
   * @param {string} target
   * @param {string} title
   * @param {string} ok what it is without a fault
   * @param {{open: (target: string) => void, heal: (fault: Fault) => void}} actions
   */
  constructor(target, title, ok, { open, heal }) {
    this.#title = title;
    this.#ok = ok;
    this.control = button("", () => open(target), {
      "data-target": target,
      "aria-haspopup": "dialog",
    });
    this.#heal = button("", () => heal(/** @type {Fault} */ (this.#faults[0])), { class: "heal" });
    this.#heal.append(icon("close"));
    this.element = build("div", { class: "place" }, this.control, this.#heal);
    this.parts = [this.#state, this.#time];
    this.element.classList.add("unknown");
    this.#state.textContent = "…";
    this.#heal.hidden = true;
  }

  /**
   * @param {Shown[]} faults in force there
   * @param {(fault: Shown) => string} titleOf
   * @returns {void}
   */
  show(faults, titleOf) {
    this.#faults = faults;
    this.#texts = faults.map((fault) => label(fault, titleOf(fault)));
    this.#draw();
  }

  /** @param {boolean} silent whether it does not answer; a fault says more, and is shown instead */
  set silent(silent) {
    this.#silent = silent;
    if (this.#shown) this.#draw();
  }

  /** @returns {void} */
  #draw() {
    const [faults, texts] = [this.#faults, this.#texts];
    const ok = this.#silent ? gettext("not answering") : this.#ok;
    const byOthers = faults.some(({ id }) => !id);
    const shown = `${texts.join() || ok} ${byOthers}`;
    // What has not changed stays as it is, under the pointer and the focus.
    if (shown === this.#shown) return;
    this.#shown = shown;
    const [first] = faults;
    const late = faults.length > 0 && faults.every(delays);
    const look = this.#silent ? "silent" : "ok";
    this.element.className = `place ${first ? `broken ${late ? "late" : "failing"}` : look}`;
    this.#state.replaceChildren(
      ...(first ? [icon(iconOf(first.kind))] : []),
      build("span", {}, texts[0] ?? ok),
      ...(faults.length > 1
        ? [
          build(
            "span",
            { class: "more", "data-count": String(faults.length) },
            `+${faults.length - 1}`,
          ),
        ]
        : []),
    );
    this.control.setAttribute("aria-label", labelled(this.#title, texts.join(", ") || ok));
    this.control.title = byOthers
      ? labelled(this.#title, gettext("broken by another client of the links"))
      : this.#title;
    this.#heal.hidden = faults.length !== 1 || byOthers;
    const heal = interpolate(gettext("Heal: %(words)s"), { words: first?.words ?? "" });
    this.#heal.setAttribute("aria-label", heal);
    this.#heal.title = heal;
  }

  /**
   * @param {number} passed seconds since the faults were learnt
   * @returns {void}
   */
  tick(passed) {
    const [only] = this.#faults.length === 1 ? this.#faults : [];
    const remaining = only?.remainingSeconds ?? null;
    const text = remaining === null ? "" : timeLeft(remaining - passed);
    if (this.#time.textContent !== text) this.#time.textContent = text;
  }
}
