import { build, button } from "/static/dashboard/base/dom.js";
import { gettext, interpolate } from "/static/dashboard/base/i18n.js";
import { ApiError, ask } from "/static/dashboard/wire/api.js";
import { newSeed } from "../model/seed.js";
import { choices } from "./choices.js";
import "./lab_api_side.js";
import "./lab_verdict.js";
import { showTrace } from "./the_trace.js";

const PATH = "/api/lesson/mystery";

/**
 * @typedef {{orderId: string, status: string, traceId: string | null, look: string | null}} Order
 *
 * @typedef {object} State
 * @property {"none" | "on" | "answered" | "left"} status
 * @property {string} id
 * @property {string} seed
 * @property {number} limitSeconds
 * @property {number} remainingSeconds
 * @property {Order[]} orders
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
  #chosen = "";
  #until = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #asking;
  #problem = build("div", { class: "problem", role: "alert" });
  #seed = /** @type {HTMLInputElement} */ (build("input", {
    maxlength: "40",
    autocomplete: "off",
    required: "",
    id: "seed",
  }));
  #begin = /** @type {HTMLFormElement} */ (build(
    "form",
    { class: "row begin" },
    build("label", { for: "seed" }, gettext("Seed")),
    this.#seed,
    build("button", { class: "primary" }, gettext("Begin")),
    button(gettext("Another seed"), () => {
      this.#seed.value = newSeed();
    }),
  ));
  #clock = build("p", { class: "clock mono" });
  #place = /** @type {HTMLButtonElement} */ (button(
    gettext("Place an order"),
    () => this.#order(),
    { class: "primary" },
  ));
  #share = button(gettext("Copy link"), () => this.#copy());
  #bar = build(
    "div",
    { class: "row controls" },
    this.#place,
    this.#clock,
    this.#share,
    button(gettext("Give up"), () => this.#leave()),
  );
  #orders = build("ol", { class: "plain orders" });
  #side = /** @type {import("./lab_api_side.js").LabApiSide} */ (build("lab-api-side"));
  #form = /** @type {HTMLFormElement} */ (build("form", { class: "suspects" }));
  #verdict = /** @type {import("./lab_verdict.js").LabVerdict} */ (build("lab-verdict", {
    role: "status",
  }));
  #curtain = build("div", { class: "its-trace" });

  /** @returns {void} */
  connectedCallback() {
    this.#seed.value = this.getAttribute("seed") || newSeed();
    this.#begin.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#start(false);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#answer();
    });
    this.#ticking = setInterval(() => this.#tick(), 500);
    // That nothing more has come is news as well, which no record tells.
    this.#asking = setInterval(() => {
      if (this.#state?.status === "on") this.refresh().catch(() => {});
    }, 2000);
    this.#take(null);
  }

  /** @returns {void} */
  disconnectedCallback() {
    clearInterval(this.#ticking);
    clearInterval(this.#asking);
  }

  /**
   * Asks again how the mystery stands: while it is on, and after it while orders still change.
   * @returns {Promise<void>}
   */
  async refresh() {
    const known = this.#state;
    if (!known) return;
    const state = await ask(PATH);
    const same = this.#state?.id === state.id && this.#state?.status === state.status;
    if (!same || this.#state !== known) return;
    // What is read at leisure is not drawn anew under the reader's eyes.
    const changed = JSON.stringify(state.orders) !== JSON.stringify(known.orders);
    if (changed || state.status === "on") this.#take(state);
  }

  /**
   * Heals the lab when the page is left.
   * @returns {void}
   */
  left() {
    if (this.#state?.status !== "on") return;
    const told = JSON.stringify({ id: this.#state.id });
    navigator.sendBeacon(`${PATH}/leave`, new Blob([told], { type: "application/json" }));
  }

  /**
   * @param {boolean} prepare
   * @returns {Promise<void>}
   */
  async #start(prepare) {
    const seed = this.#seed.value;
    await this.#try(async () => {
      const state = await ask(PATH, { method: "POST", body: { seed, prepare } });
      this.#chosen = "";
      this.#place.disabled = false;
      this.#form.replaceChildren();
      history.replaceState(null, "", `/lesson/mystery?seed=${encodeURIComponent(state.seed)}`);
      this.#take(state);
      this.#place.focus();
    }, (error) => {
      if (!(error instanceof ApiError) || error.status !== 409) return [];
      return [button(gettext("Heal everything, turn the defences off, and begin"), () => {
        this.#start(true);
      })];
    });
  }

  /** @returns {Promise<void>} */
  async #order() {
    this.#place.disabled = true;
    const placed = await this.client?.place({ sku: "apple", quantity: 1 });
    this.#place.disabled = false;
    if (placed?.orderId) this.#chosen = placed.orderId;
    if (placed && placed.httpStatus === null) {
      this.#problem.replaceChildren(build("p", {}, gettext("The client got no answer.")));
    }
    await this.refresh().catch(() => {});
  }

  /** @returns {Promise<void>} */
  async #answer() {
    const suspects = new FormData(this.#form).getAll("suspect");
    await this.#try(async () => {
      this.#take(await ask(`${PATH}/answer`, { method: "POST", body: { suspects } }));
      this.#verdict.scrollIntoView({ block: "start" });
    });
  }

  /** @returns {Promise<void>} */
  async #leave() {
    await this.#try(async () => {
      await ask(`${PATH}/leave`, { method: "POST", body: { id: this.#state?.id } });
      this.#take(null);
    });
  }

  /** @returns {Promise<void>} */
  async #copy() {
    const seed = encodeURIComponent(this.#state?.seed ?? "");
    await navigator.clipboard.writeText(`${location.origin}/lesson/mystery?seed=${seed}`);
    this.#share.textContent = gettext("Copied");
    setTimeout(() => {
      this.#share.textContent = gettext("Copy link");
    }, 1500);
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
      const text = error instanceof Error ? error.message : String(error);
      this.#problem.replaceChildren(build("p", {}, text), ...remedies(error));
    }
  }

  /**
   * @param {State | null} state
   * @returns {void}
   */
  #take(state) {
    this.#state = state;
    const status = state?.status ?? "none";
    if (this.dataset.status !== status) {
      this.dataset.status = status;
      this.replaceChildren(...this.#parts(status));
    }
    if (!state) return;
    this.#until = performance.now() + state.remainingSeconds * 1000;
    this.#tick();
    this.#showOrders(state);
    if (status === "on" && !this.#form.childElementCount) this.#ask(state);
    if (state.verdict) this.#verdict.show(state.verdict);
  }

  /**
   * @param {string} status
   * @returns {HTMLElement[]}
   */
  #parts(status) {
    const title = (/** @type {string} */ text) => build("h2", {}, text);
    if (status === "on") {
      return [
        this.#problem,
        this.#bar,
        build(
          "div",
          { class: "desk" },
          build("section", { class: "card" }, title(gettext("Your orders")), this.#orders),
          build("section", { class: "card" }, title(gettext("What the API knows")), this.#side),
        ),
        build("section", { class: "card" }, title(gettext("What is it?")), this.#form),
      ];
    }
    if (status === "answered") {
      return [
        this.#problem,
        build("section", { class: "card" }, this.#verdict),
        build(
          "section",
          { class: "card" },
          title(gettext("Behind the curtain")),
          build("p", { class: "quiet" }, gettext("Now with everything that all sides recorded.")),
          this.#orders,
          this.#curtain,
        ),
        this.#begin,
      ];
    }
    return [this.#problem, this.#begin];
  }

  /**
   * @param {State} state
   * @returns {void}
   */
  #ask(state) {
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

  /**
   * @param {State} state
   * @returns {void}
   */
  #showOrders(state) {
    const known = state.orders.some(({ orderId }) => orderId === this.#chosen);
    if (!known) this.#chosen = state.orders[0]?.orderId ?? "";
    const rows = state.orders.map((order) =>
      build(
        "li",
        {},
        button(order.orderId.slice(0, 8), () => {
          this.#chosen = order.orderId;
          this.#showOrders(state);
        }, { class: "link mono", "aria-pressed": String(order.orderId === this.#chosen) }),
        build(
          "span",
          { class: `badge ${order.status === "CONFIRMED" ? "good" : "warn"}` },
          order.status,
        ),
        build("span", { class: "quiet" }, order.look ?? gettext("under way")),
      )
    );
    const none = build("li", { class: "quiet" }, gettext("Place an order to see what happens."));
    this.#orders.replaceChildren(...(rows.length ? rows : [none]));
    const chosen = state.orders.find(({ orderId }) => orderId === this.#chosen);
    this.#side.hidden = !chosen?.traceId;
    if (!chosen?.traceId) return;
    if (state.status === "answered") showTrace(this.#curtain, chosen.traceId);
    else this.#side.show(chosen.traceId).catch(() => {});
  }

  /** @returns {void} */
  #tick() {
    if (this.#state?.status !== "on") return;
    const left = Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    this.#clock.textContent = left
      ? interpolate(gettext("%(minutes)s:%(seconds)s left"), {
        minutes,
        seconds: String(left % 60).padStart(2, "0"),
      })
      : gettext("Time is up: the lab has healed. You can still answer.");
    this.#place.disabled ||= left === 0;
  }
}

customElements.define("lab-mystery", LabMystery);
