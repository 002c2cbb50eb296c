import { build, button } from "/static/dashboard/base/dom.js";
import { messageOf } from "/static/dashboard/base/errors.js";
import { gettext } from "/static/dashboard/base/i18n.js";
import { ApiError, fetchJson } from "/static/dashboard/wire/api.js";
import { choices } from "../shared/choices.js";
import { showTrace } from "../shared/trace_view.js";
import { BeginForm } from "./begin_form.js";
import { ControlBar } from "./control_bar.js";
import { OrderList } from "./order_list.js";
import "./lab_api_side.js";
import "./lab_verdict.js";

const PATH = "/api/lesson/mystery";
const POLL_MS = 2000;
const CONFLICT = 409;

/**
 * @typedef {object} State
 * @property {"none" | "on" | "answered" | "left"} status
 * @property {string} id
 * @property {string} seed
 * @property {number} limitSeconds
 * @property {number} remainingSeconds
 * @property {import("./order_list.js").Order[]} orders
 * @property {Array<{name: string, title: string}>} suspects
 * @property {import("./lab_verdict.js").Verdict | null} verdict
 */

/**
 * A mystery: the lab hides a fault, the learner places orders, reads what the API knows of them,
 * and names it. It uses the `client` that the page gives it.
 */
export class LabMystery extends HTMLElement {
  /** @type {import("/static/dashboard/wire/client.js").Client | null} */
  client = null;
  /** @type {State | null} */
  #state = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #polling;
  #problem = build("div", { class: "problem", role: "alert" });
  #begin = new BeginForm(() => this.#start(false));
  #bar = new ControlBar(() => this.#placeOrder(), () => this.#leave());
  #orders = new OrderList(() => this.#showOrders());
  #side = /** @type {import("./lab_api_side.js").LabApiSide} */ (build("lab-api-side"));
  #form = /** @type {HTMLFormElement} */ (build("form", { class: "suspects" }));
  #verdict = /** @type {import("./lab_verdict.js").LabVerdict} */ (build("lab-verdict", {
    role: "status",
  }));
  #trace = build("div", { class: "its-trace" });

  /** @returns {void} */
  connectedCallback() {
    this.#begin.seed = this.getAttribute("seed");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#answer();
    });
    // That nothing more has come matters as well, and sends no record.
    this.#polling = setInterval(() => {
      if (this.#state?.status === "on") this.refresh().catch(() => {});
    }, POLL_MS);
    this.#show(null);
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#polling);
    this.#bar.stop();
  }

  /**
   * Fetches the mystery's state: while it is on, and after it while orders still change.
   * @returns {Promise<void>}
   */
  async refresh() {
    const known = this.#state;
    if (!known) return;
    const state = await fetchJson(PATH);
    const same = this.#state?.id === state.id && this.#state?.status === state.status;
    if (!same || this.#state !== known) return;
    // A verdict that is being read is not redrawn without need.
    const changed = JSON.stringify(state.orders) !== JSON.stringify(known.orders);
    if (changed || state.status === "on") this.#show(state);
  }

  /**
   * Heals the lab when the page is left.
   * @returns {void}
   */
  left() {
    if (this.#state?.status !== "on") return;
    const body = JSON.stringify({ id: this.#state.id });
    navigator.sendBeacon(`${PATH}/leave`, new Blob([body], { type: "application/json" }));
  }

  /**
   * @param {boolean} prepare whether to heal the lab first
   * @returns {Promise<void>}
   */
  async #start(prepare) {
    const body = { seed: this.#begin.seed, prepare };
    await this.#try(async () => {
      const state = await fetchJson(PATH, { method: "POST", body });
      this.#orders.chosenId = "";
      this.#bar.busy = false;
      this.#form.replaceChildren();
      history.replaceState(null, "", `/lesson/mystery?seed=${encodeURIComponent(state.seed)}`);
      this.#show(state);
      this.#bar.focus();
    }, (error) => {
      if (!(error instanceof ApiError) || error.status !== CONFLICT) return [];
      return [button(gettext("Heal everything, turn the defences off, and begin"), () => {
        this.#start(true);
      })];
    });
  }

  /** @returns {Promise<void>} */
  async #placeOrder() {
    this.#bar.busy = true;
    const placed = await this.client?.place({ sku: "apple", quantity: 1 });
    this.#bar.busy = false;
    if (placed?.orderId) this.#orders.chosenId = placed.orderId;
    if (placed && placed.httpStatus === null) {
      this.#problem.replaceChildren(build("p", {}, gettext("The client got no answer.")));
    }
    await this.refresh().catch(() => {});
  }

  /** @returns {Promise<void>} */
  async #answer() {
    const suspects = new FormData(this.#form).getAll("suspect");
    await this.#try(async () => {
      this.#show(await fetchJson(`${PATH}/answer`, { method: "POST", body: { suspects } }));
      this.#verdict.scrollIntoView({ block: "start" });
    });
  }

  /** @returns {Promise<void>} */
  async #leave() {
    await this.#try(async () => {
      await fetchJson(`${PATH}/leave`, { method: "POST", body: { id: this.#state?.id } });
      this.#show(null);
    });
  }

  /**
   * @param {() => Promise<void>} act
   * @param {(error: unknown) => HTMLElement[]} [remedies]
   * @returns {Promise<void>}
   */
  async #try(act, remedies = () => []) {
    this.#problem.replaceChildren();
    try {
      await act();
    } catch (error) {
      this.#problem.replaceChildren(build("p", {}, messageOf(error)), ...remedies(error));
    }
  }

  /**
   * @param {State | null} state
   * @returns {void}
   */
  #show(state) {
    this.#state = state;
    const status = state?.status ?? "none";
    if (this.dataset.status !== status) {
      this.dataset.status = status;
      this.replaceChildren(...this.#parts(status));
    }
    if (state && status === "on") this.#bar.show(state);
    else this.#bar.stop();
    if (!state) return;
    this.#showOrders();
    if (status === "on" && !this.#form.childElementCount) this.#showSuspects(state);
    if (state.verdict) this.#verdict.show(state.verdict);
  }

  /**
   * @param {string} status
   * @returns {HTMLElement[]}
   */
  #parts(status) {
    const title = (/** @type {string} */ text) => build("h2", {}, text);
    const card = (/** @type {HTMLElement[]} */ ...parts) =>
      build("section", { class: "card" }, ...parts);
    if (status === "on") {
      return [
        this.#problem,
        this.#bar.element,
        build(
          "div",
          { class: "desk" },
          card(title(gettext("Your orders")), this.#orders.element),
          card(title(gettext("What the API knows")), this.#side),
        ),
        card(title(gettext("What is it?")), this.#form),
      ];
    }
    if (status === "answered") {
      return [
        this.#problem,
        card(this.#verdict),
        card(
          title(gettext("Behind the curtain")),
          build("p", { class: "quiet" }, gettext("Now with everything that all sides recorded.")),
          this.#orders.element,
          this.#trace,
        ),
        this.#begin.element,
      ];
    }
    return [this.#problem, this.#begin.element];
  }

  /**
   * @param {State} state
   * @returns {void}
   */
  #showSuspects(state) {
    this.#form.replaceChildren(
      choices({
        id: "suspect",
        name: "suspect",
        type: "checkbox",
        text: gettext("Choose the one, or all, that what you saw allows."),
        choices: state.suspects.map(({ name, title }) => ({ value: name, title })),
      }),
      build("button", { class: "primary" }, gettext("Reveal")),
    );
  }

  /** @returns {void} */
  #showOrders() {
    const { status, orders } = /** @type {State} */ (this.#state);
    this.#orders.show(orders);
    const traceId = this.#orders.chosen?.traceId;
    this.#side.hidden = !traceId;
    if (!traceId) return;
    if (status === "answered") showTrace(this.#trace, traceId);
    else this.#side.show(traceId).catch(() => {});
  }
}

customElements.define("lab-mystery", LabMystery);
