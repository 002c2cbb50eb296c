import { build, button } from "../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../base/i18n.js";
import { hue } from "../../base/palette.js";

/**
 * @typedef {import("../../model/trace/view_state.js").ViewState} ViewState
 * @typedef {import("../../model/trace/layout.js").Layout} Layout
 */

const NS = 1e6;
const MOST_SERVICES = 20;
const MOST_NOTES = 3;

/**
 * The services' clocks: which cannot be right, and by how much each is moved in what is shown. The
 * panel that moves them stands where its owner puts it.
 */
export class LabClocks extends HTMLElement {
  /** @type {ViewState | null} */
  #view = null;
  #services = "";
  #notice = build("p", { class: "notice", role: "status" });
  #fields = build("div", { class: "row" });
  panel = build(
    "details",
    { class: "clocks" },
    build("summary", {}, gettext("Clocks")),
    build(
      "p",
      { class: "quiet" },
      gettext("Each service writes its own clock's time. Here one can be moved, for looking only."),
    ),
    this.#fields,
  );

  /**
   * @param {ViewState} view
   * @returns {void}
   */
  bind(view) {
    this.#view = view;
  }

  /**
   * @param {Layout} layout
   * @returns {void}
   */
  show(layout) {
    const services = layout.services.slice(0, MOST_SERVICES);
    this.panel.hidden = services.length < 2;
    if (!this.#notice.isConnected) this.replaceChildren(this.#notice);
    // A field that is being typed into stays.
    if (this.#services !== services.join()) {
      this.#services = services.join();
      this.#fields.replaceChildren(...services.map((service) => this.#field(service)));
    }
    const offsets = this.#view?.state.offsets ?? {};
    const moved = Object.entries(offsets).filter(([, offset]) => offset !== 0);
    const wrong = layout.skew.filter(({ service }) => !offsets[service]);
    const notes = [
      ...moved.map(([service, offset]) =>
        build(
          "span",
          {},
          interpolate(gettext("%(service)s is shown with its clock moved by %(ms)s ms."), {
            service,
            ms: signed(offset),
          }),
        )
      ),
      ...(moved.length
        ? [button(gettext("Show as it was written"), () => this.#set({}), { class: "link" })]
        : []),
      ...wrong.slice(0, MOST_NOTES).flatMap((each) => [
        build("span", {}, disagreement(each)),
        button(
          interpolate(gettext("Move %(service)s by %(ms)s ms"), {
            service: each.service,
            ms: signed(each.offset),
          }),
          () => this.#set({ ...offsets, [each.service]: each.offset }),
          { class: "link" },
        ),
      ]),
      ...(wrong.length > MOST_NOTES
        ? [build("span", {}, ngettext("and %s more", "and %s more", wrong.length - MOST_NOTES))]
        : []),
    ];
    this.#notice.hidden = !notes.length;
    this.#notice.replaceChildren(...notes);
  }

  /**
   * @param {string} service
   * @returns {HTMLElement}
   */
  #field(service) {
    const input = /** @type {HTMLInputElement} */ (build("input", {
      type: "number",
      step: "any",
      value: "0",
      name: service,
    }));
    input.addEventListener("change", () => {
      const offset = Number(input.value) * NS;
      if (!Number.isFinite(offset)) return;
      this.#set({ ...this.#view?.state.offsets, [service]: offset });
    });
    return build(
      "label",
      { class: "clock" },
      build("span", { class: `service ${hue(service)}` }, service),
      input,
      " ms",
    );
  }

  /**
   * @param {Record<string, number>} offsets
   * @returns {void}
   */
  #set(offsets) {
    this.#view?.set({ offsets });
    for (const input of this.#fields.querySelectorAll("input")) {
      input.value = String((offsets[input.name] ?? 0) / NS);
    }
  }
}

/**
 * By how much two clocks disagree, as far as calls in both directions bound it.
 * @param {import("../../model/trace/oddities/skew.js").Estimate} estimate
 * @returns {string}
 */
function disagreement({ service, against, offset, least, most }) {
  const text = least > most
    ? gettext(
      "The clocks of %(against)s and %(service)s disagree, and by no one amount: effects stand before their causes.",
    )
    : Number.isFinite(least) && Number.isFinite(most) && least * most > 0
    ? gettext(
      "The clocks of %(against)s and %(service)s disagree by %(ms)s to %(most)s ms: an effect stands before its cause.",
    )
    : gettext(
      "The clocks of %(against)s and %(service)s disagree by %(ms)s ms or more: an effect stands before its cause.",
    );
  const farther = offset > 0 ? most : -least;
  return interpolate(text, {
    service,
    against,
    ms: Math.abs(offset / NS).toFixed(1),
    most: (farther / NS).toFixed(1),
  });
}

/**
 * @param {number} offset in nanoseconds
 * @returns {string}
 */
function signed(offset) {
  return `${offset > 0 ? "+" : "−"}${Math.abs(offset / NS).toFixed(1)}`;
}

customElements.define("lab-clocks", LabClocks);
