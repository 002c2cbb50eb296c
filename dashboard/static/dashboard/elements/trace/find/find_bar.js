import { build, button } from "../../../base/dom.js";
import { messageOf } from "../../../base/errors.js";
import { gettext } from "../../../base/i18n.js";
import { icon } from "../../../base/icons.js";
import { coalesced } from "../../../base/scheduling.js";
import { attributesOf, parse } from "../../../model/trace/find/query.js";
import { Attributes, identity } from "../../../wire/attributes.js";

/** @typedef {import("../../../model/trace/view_state.js").ViewState} ViewState */

const TYPING_MS = 150;

/**
 * Finds spans within a trace, goes from one to the next, and leaves the others out: `matches only`
 * and `critical path only`.
 */
export class FindBar {
  element = build("div", { class: "find", role: "search", hidden: "" });
  #field = /** @type {HTMLInputElement} */ (build("input", {
    type: "search",
    placeholder: gettext("text, error, service:api, key=value, duration>100ms"),
    "aria-label": gettext("Find a span"),
    spellcheck: "false",
    autocapitalize: "off",
  }));
  #result = build("output", { class: "quiet" });
  #tools = [
    this.#tool("up", gettext("To the match before"), () => this.#go(-1)),
    this.#tool("down", gettext("To the next match"), () => this.#go(1)),
  ];
  #only = this.#choice(gettext("Matches only"), "matchesOnly");
  #path = this.#choice(gettext("Critical path only"), "pathOnly");
  #attributes = new Attributes();
  #traceId = "";
  #spans = 0;
  #view;
  #next;

  /**
   * @param {ViewState} view what the views share
   * @param {(step: 1 | -1) => string} next goes to a match and returns which of how many it is
   */
  constructor(view, next) {
    this.#view = view;
    this.#next = next;
    this.element.append(
      this.#field,
      ...this.#tools,
      this.#result,
      this.#only.label,
      this.#path.label,
      this.#tool("close", gettext("Find nothing"), () => this.close()),
    );
    const search = coalesced(() => this.#search(), TYPING_MS);
    this.#field.addEventListener("input", search);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    view.addEventListener("change", (event) => {
      const names = /** @type {CustomEvent<string[]>} */ (event).detail;
      if (names.some((name) => ["found", "matchesOnly", "pathOnly"].includes(name))) this.#draw();
    });
    this.#draw();
  }

  /**
   * Opens it, and goes to its field.
   * @param {string} [query] shows the spans that it finds alone
   * @returns {void}
   */
  open(query) {
    this.element.hidden = false;
    if (query !== undefined) {
      this.#field.value = query;
      this.#view.set({ matchesOnly: true });
      this.#search();
    }
    this.#field.focus();
    this.#field.select();
  }

  /**
   * Shows all spans again.
   * @returns {void}
   */
  close() {
    this.#field.value = "";
    this.element.hidden = true;
    this.#view.set({ found: null, matchesOnly: false, pathOnly: false });
  }

  /**
   * Takes in which trace it is, how much of it has come, and how many spans are found in it.
   * @param {string} traceId
   * @param {number} spans
   * @param {number} found
   * @returns {void}
   */
  show(traceId, spans, found) {
    if (this.#traceId && this.#traceId !== traceId) this.close();
    const more = this.#spans !== spans;
    const isFirst = !this.#traceId;
    this.#traceId = traceId;
    this.#spans = spans;
    this.#count(found);
    const { found: shown } = this.#view.state;
    if (more && attributesOf(shown?.terms ?? []).length) this.#search();
    // What was opened before the trace was there, by the page's address.
    else if (isFirst && !shown && this.#field.value) this.#search();
  }

  /** @returns {Promise<void>} */
  async #search() {
    const query = this.#field.value.trim();
    const terms = parse(query);
    const keys = attributesOf(terms);
    if (keys.length && !this.#traceId) return;
    try {
      const values = await this.#attributes.load(this.#traceId, this.#spans, keys);
      // What was typed meanwhile is looked for instead.
      if (query !== this.#field.value.trim()) return;
      const found = {
        query,
        terms,
        /** @type {import("../../../model/trace/find/query.js").AttributeOf} */
        attributeOf: (key, span) => values.get(key)?.get(identity(span)),
      };
      this.#view.set({ found: terms.length ? found : null });
    } catch (error) {
      this.#result.textContent = messageOf(error);
    }
  }

  /**
   * @param {1 | -1} step
   * @returns {Promise<void>}
   */
  async #go(step) {
    await this.#search();
    if (this.#view.state.found) this.#result.textContent = this.#next(step);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {void}
   */
  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && event.target === this.#field) {
      event.preventDefault();
      this.#go(event.shiftKey ? -1 : 1).then(() => this.#field.focus());
    }
  }

  /**
   * @param {number} count of the spans that are found
   * @returns {void}
   */
  #count(count) {
    const looks = this.#view.state.found !== null;
    if (!looks) this.#result.textContent = "";
    else if (!count) this.#result.textContent = gettext("nothing found");
    else if (!this.#result.textContent?.endsWith(` / ${count}`)) {
      this.#result.textContent = `– / ${count}`;
    }
  }

  /** @returns {void} */
  #draw() {
    const { found, matchesOnly, pathOnly } = this.#view.state;
    for (const each of this.#tools) each.disabled = found === null;
    this.#only.box.disabled = found === null;
    this.#only.box.checked = matchesOnly;
    this.#path.box.checked = pathOnly;
    if (pathOnly) this.element.hidden = false;
  }

  /**
   * @param {string} title
   * @param {"matchesOnly" | "pathOnly"} name
   * @returns {{label: HTMLElement, box: HTMLInputElement}}
   */
  #choice(title, name) {
    const box = /** @type {HTMLInputElement} */ (build("input", { type: "checkbox" }));
    box.addEventListener("change", () => this.#view.set({ [name]: box.checked }));
    return { label: build("label", {}, box, title), box };
  }

  /**
   * @param {import("../../../base/icons.js").IconName} name
   * @param {string} label
   * @param {() => void} pressed
   * @returns {HTMLButtonElement}
   */
  #tool(name, label, pressed) {
    const made = button("", pressed, { class: "bare", "aria-label": label, title: label });
    made.append(icon(name));
    return made;
  }
}
