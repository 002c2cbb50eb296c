import { build } from "../../../base/dom.js";
import { messageOf } from "../../../base/errors.js";
import { gettext, ngettext } from "../../../base/i18n.js";
import { coalesced } from "../../../base/scheduling.js";
import { dateAndTime, duration } from "../../../base/time.js";
import { fetchJson } from "../../../wire/api.js";
import { serviceMark } from "../trace_row.js";

/** @typedef {import("../trace_row.js").Summary} Summary */

const MOST = 20;
const TYPING_MS = 250;
const TRACE_ID = /[0-9a-f]{32}/i;

/**
 * Finds a trace: the newest ones, or those that a text finds, which may be an id or an address that
 * holds one. Each is a link.
 */
export class TracePicker {
  #field = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: gettext("Name, text, id or address of a trace"),
  }));
  #list = build("ul", { class: "plain" });
  #status = build("p", { class: "quiet", role: "status" });
  element = build("div", { class: "picker", role: "search" });
  #asked = "";
  #addressOf;
  #other;

  /**
   * @param {string} label
   * @param {(traceId: string) => string} addressOf where a trace that is picked leads
   * @param {string} other the trace that is not offered
   */
  constructor(label, addressOf, other) {
    this.#addressOf = addressOf;
    this.#other = other;
    this.#field.setAttribute("aria-label", label);
    this.element.append(this.#field, this.#status, this.#list);
    this.#field.addEventListener("input", coalesced(() => this.find(), TYPING_MS));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {void} */
  focus() {
    this.#field.focus();
  }

  /** @returns {Promise<void>} */
  async find() {
    const text = this.#field.value.trim();
    const wanted = TRACE_ID.exec(text)?.[0] ?? text;
    this.#asked = wanted;
    try {
      const query = new URLSearchParams({ limit: String(MOST + 1), ...(wanted && { q: wanted }) });
      const { traces } = await fetchJson(`/api/traces?${query}`);
      // What was typed meanwhile is looked for instead.
      if (this.#asked === wanted) this.#show(traces);
    } catch (error) {
      if (this.#asked !== wanted) return;
      this.#list.replaceChildren();
      this.#status.textContent = messageOf(error);
    }
  }

  /**
   * @param {Summary[]} traces
   * @returns {void}
   */
  #show(traces) {
    const offered = traces.filter(({ traceId }) => traceId !== this.#other).slice(0, MOST);
    this.#status.textContent = offered.length ? "" : gettext("No trace matches.");
    this.#list.replaceChildren(...offered.map((each) => build("li", {}, this.#line(each))));
  }

  /**
   * @param {Summary} trace
   * @returns {HTMLElement}
   */
  #line({ traceId, name, startTime, durationMs, spanCount, errorCount, services }) {
    const failed = ngettext("%s failed", "%s failed", errorCount);
    return build(
      "a",
      { href: this.#addressOf(traceId) },
      build("b", { class: "name" }, name || traceId),
      build(
        "span",
        { class: "quiet" },
        [dateAndTime(startTime), duration(durationMs), ngettext("%s span", "%s spans", spanCount)]
          .join(" · "),
        ...(errorCount ? [" · ", build("span", { class: "failed" }, failed)] : []),
      ),
      build("span", { class: "marks" }, ...services.map((each) => serviceMark(each.name))),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const places = [this.#field, ...this.#list.querySelectorAll("a")];
    const at = places.findIndex((each) => each === document.activeElement);
    places[Math.max(0, Math.min(places.length - 1, at + step))]?.focus();
  }
}
