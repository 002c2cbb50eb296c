import { build } from "/static/dashboard/base/dom.js";
import { messageOf } from "/static/dashboard/base/errors.js";
import { fetchJson } from "/static/dashboard/wire/api.js";

/** A form whose choices are judged by what a run of an experiment has recorded. */
export class JudgedForm {
  #form;
  #submit;
  #running;
  #result;

  /**
   * @param {{form: HTMLFormElement, submit: HTMLButtonElement,
   *   running: import("./lab_running.js").LabRunning, result: HTMLElement}} parts where it runs,
   *   and where it is said why it could not be judged
   */
  constructor({ form, submit, running, result }) {
    this.#form = form;
    this.#submit = submit;
    this.#running = running;
    this.#result = result;
  }

  /**
   * Runs an experiment and posts the order that it placed with what was chosen; the form is locked
   * from then on, unless it failed.
   * @param {string} experiment
   * @param {string} path
   * @param {Record<string, unknown>} chosen
   * @returns {Promise<unknown>} the answer, or null when there is none
   */
  async judge(experiment, path, chosen) {
    this.lock(true);
    this.#result.replaceChildren();
    const orderId = await this.#running.run(experiment);
    try {
      if (orderId) return await fetchJson(path, { method: "POST", body: { orderId, ...chosen } });
    } catch (error) {
      this.#result.replaceChildren(build("p", { class: "problem" }, messageOf(error)));
    }
    this.lock(false);
    return null;
  }

  /**
   * @param {boolean} locked
   * @returns {void}
   */
  lock(locked) {
    for (const field of this.#form.querySelectorAll("fieldset")) field.disabled = locked;
    this.#submit.disabled = locked;
    this.#submit.hidden = false;
  }
}
