import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";

const MANY = 10;

/**
 * @typedef {{name: string, title: string, method: string, url: string, perSecond: number}} Action
 * @typedef {{traceId: string, httpStatus: number | null, errorKind: string | null}} Sent
 */

/**
 * The actions of a system as buttons: once, ten times, and steadily. The lab's own client sends them;
 * `sent` is dispatched with the trace of each.
 */
export class LabActions extends HTMLElement {
  /** @type {Map<string, ReturnType<typeof setInterval>>} */
  #steady = new Map();
  #status = build("p", { class: "status", role: "status" });

  /** @returns {Promise<void>} */
  async connectedCallback() {
    /** @type {{actions: Action[]}} */
    const { actions } = await fetchJson("/api/actions");
    this.replaceChildren(...actions.map((action, at) => this.#buttons(action, at)), this.#status);
  }

  /** @returns {void} */
  disconnectedCallback() {
    for (const timer of this.#steady.values()) clearInterval(timer);
    this.#steady.clear();
  }

  /**
   * Presses the first button.
   * @returns {void}
   */
  first() {
    this.querySelector("button")?.click();
  }

  /**
   * @param {Action} action
   * @param {number} at
   * @returns {HTMLElement}
   */
  #buttons(action, at) {
    const once = button(action.title, () => this.#send(action, 1), {
      ...(at === 0 && { class: "primary" }),
      title: `${action.method} ${action.url}`,
    });
    if (at === 0) once.append(build("kbd", { "aria-hidden": "true" }, "O"));
    const named = { name: action.title };
    const many = button(`×${MANY}`, () => this.#send(action, MANY), {
      "aria-label": interpolate(gettext("%(name)s ten times"), named),
    });
    const steady = button(
      interpolate(gettext("%(rate)s/s"), { rate: action.perSecond }),
      () => this.#toggle(action, steady),
      { "aria-pressed": "false", "aria-label": interpolate(gettext("%(name)s steadily"), named) },
    );
    return build("div", { class: "action", role: "group", "aria-label": action.title }, ...[
      once,
      many,
      steady,
    ]);
  }

  /**
   * @param {Action} action
   * @param {HTMLElement} control
   * @returns {void}
   */
  #toggle(action, control) {
    const timer = this.#steady.get(action.name);
    control.setAttribute("aria-pressed", String(timer === undefined));
    clearInterval(timer);
    if (timer === undefined) {
      const send = () => this.#send(action, 1);
      this.#steady.set(action.name, setInterval(send, 1000 / action.perSecond));
      send();
    } else this.#steady.delete(action.name);
  }

  /**
   * @param {Action} action
   * @param {number} count
   * @returns {Promise<void>}
   */
  async #send({ name, title }, count) {
    try {
      /** @type {{sent: Sent[]}} */
      const { sent } = await fetchJson(`/api/actions/${encodeURIComponent(name)}`, {
        method: "POST",
        body: { count },
      });
      const outcomes = sent.map((each) => each.errorKind ?? String(each.httpStatus ?? ""));
      this.#status.textContent = `${title}: ${[...new Set(outcomes)].join(", ")}`;
      for (const each of sent) this.dispatchEvent(new CustomEvent("sent", { detail: each }));
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
  }
}

customElements.define("lab-actions", LabActions);
