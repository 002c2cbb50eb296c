import { build, button } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { hue } from "../model/palette.js";

/**
 * @typedef {import("../model/focus.js").Focus} Focus
 * @typedef {import("../model/layout.js").Layout} Layout
 */

const NS = 1e6;
const MOST_SERVICES = 20;

/** The services' clocks: which cannot be right, and by how much each is moved in what is shown. */
export class LabClocks extends HTMLElement {
  /** @type {Focus | null} */
  #focus = null;
  #services = "";
  #said = build("p", { class: "notice", role: "status" });
  #fields = build("div", { class: "row" });
  #panel = build(
    "details",
    {},
    build("summary", {}, gettext("Clocks")),
    build(
      "p",
      { class: "quiet" },
      gettext("Each service writes its own clock's time. Here one can be moved, for looking only."),
    ),
    this.#fields,
  );

  /**
   * @param {Focus} focus
   * @returns {void}
   */
  share(focus) {
    this.#focus = focus;
  }

  /**
   * @param {Layout} laid
   * @returns {void}
   */
  show(laid) {
    const services = [...new Set(laid.listed.map((row) => row.span.service))].slice(
      0,
      MOST_SERVICES,
    );
    this.hidden = services.length < 2;
    if (!this.#panel.isConnected) this.replaceChildren(this.#said, this.#panel);
    // Who is typing into a field keeps it.
    if (this.#services !== services.join()) {
      this.#services = services.join();
      this.#fields.replaceChildren(...services.map((service) => this.#field(service)));
    }
    const offsets = this.#focus?.state.offsets ?? {};
    const moved = Object.entries(offsets).filter(([, offset]) => offset !== 0);
    const wrong = laid.skew.filter(({ service }) => !offsets[service]);
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
      ...wrong.flatMap(({ service, offset, against }) => [
        build(
          "span",
          {},
          interpolate(
            gettext(
              "The clocks of %(against)s and %(service)s disagree by %(ms)s ms or more: an effect stands before its cause.",
            ),
            { service, against, ms: Math.abs(offset / NS).toFixed(1) },
          ),
        ),
        button(
          interpolate(gettext("Move %(service)s by %(ms)s ms"), { service, ms: signed(offset) }),
          () => this.#set({ ...offsets, [service]: offset }),
          { class: "link" },
        ),
      ]),
    ];
    this.#said.hidden = !notes.length;
    this.#said.replaceChildren(...notes);
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
      this.#set({ ...this.#focus?.state.offsets, [service]: offset });
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
    this.#focus?.set({ offsets });
    for (const input of this.#fields.querySelectorAll("input")) {
      input.value = String((offsets[input.name] ?? 0) / NS);
    }
  }
}

/**
 * @param {number} offset in nanoseconds
 * @returns {string}
 */
function signed(offset) {
  return `${offset > 0 ? "+" : "−"}${Math.abs(offset / NS).toFixed(1)}`;
}

customElements.define("lab-clocks", LabClocks);
