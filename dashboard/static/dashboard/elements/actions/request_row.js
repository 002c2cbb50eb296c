import { build } from "../../base/dom.js";
import { duration, timeOfDay } from "../../base/time.js";
import { errorText } from "../shared/error_text.js";

/**
 * @typedef {object} Request A trace, as the list of traces has it.
 * @property {string} traceId
 * @property {string} name
 * @property {string} startTime
 * @property {number} durationMs
 * @property {string[]} errorKinds
 * @property {Array<{name: string}>} services
 */

/** A row of the list of requests, changed in place as more of its records come. */
export class RequestRow {
  #shown = "";
  #time = build("td");
  #link = build("a");
  #took = build("td");
  #error = build("td");
  element = build("tr", {}, this.#time, build("td", {}, this.#link), this.#took, this.#error);

  /**
   * @param {Request} request
   * @param {() => void} choose
   */
  constructor(request, choose) {
    this.#link.setAttribute("href", `/traces/${request.traceId}`);
    this.element.setAttribute("data-trace", request.traceId);
    this.element.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose();
    });
    this.show(request);
  }

  /**
   * @param {Request} request
   * @returns {void}
   */
  show({ name, startTime, durationMs, errorKinds, services }) {
    const shown = JSON.stringify([name, startTime, durationMs, errorKinds, services]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#time.textContent = timeOfDay(new Date(startTime));
    this.#link.textContent = name;
    this.#took.textContent = duration(durationMs);
    this.#error.textContent = errorKinds.map(errorText).join(", ");
    this.#error.classList.toggle("bad", errorKinds.length > 0);
    this.element.title = services.map((each) => each.name).join(", ");
  }
}
