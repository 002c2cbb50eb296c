import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate, labelled } from "../../base/i18n.js";
import { popover } from "../../base/popover.js";
import { tookMs } from "../../model/experiments.js";
import { fetchJson } from "../../wire/api.js";
import { link, verdict } from "./run_parts.js";
import "./lab_run.js";

/** How many of a system's own have their button: the others are on the page of experiments. */
const MOST_OWN = 4;

/**
 * @typedef {object} Experiment
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {string[]} tags
 * @property {boolean} own of the system, not the lab's
 * @property {string} problem
 * @property {number} stepCount
 *
 * @typedef {import("./lab_run.js").Run & {startedAt: string, endedAt: string | null, files: string[]}} Run
 */

/**
 * Some experiments as a group of buttons, by their letters, and how the last one goes: those of a tag,
 * and the first of the system's own. `run` is sent with every state of a run, `choose` with an order or
 * a trace of it, `listed` once they are known.
 */
export class LabExperiments extends HTMLElement {
  /** @type {Map<string, Experiment>} */
  #experiments = new Map();
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();
  #run = /** @type {import("./lab_run.js").LabRun} */ (build("lab-run"));
  #group = build("div", { class: "group", role: "group", "aria-label": gettext("Experiments") });
  #word = build("span", { class: "word" });
  #progress = build("progress", { "aria-hidden": "true" });
  #details = button("", () => {}, { class: "bare details" });
  #stop = button(gettext("Stop"), () => this.#stopRun());
  #report = build("span");
  #state = build("div", { class: "state", role: "status" });
  #problem = build("p", { class: "problem", role: "alert" });
  #runId = "";

  /** @returns {Promise<void>} */
  async connectedCallback() {
    this.#details.append(this.#word);
    this.#state.hidden = true;
    this.#state.replaceChildren(this.#details, this.#progress, this.#stop, this.#report);
    const panel = popover(this.#details, gettext("Run"), this.#run);
    panel.classList.add("run");
    this.replaceChildren(this.#group, this.#state, panel, this.#problem);
    this.#run.addEventListener("choose", (event) => {
      panel.hidePopover();
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("choose", { detail }));
    });
    try {
      const { experiments } = await fetchJson("/api/experiments");
      const tag = this.getAttribute("tag") ?? "";
      this.#list(onBench(experiments, tag));
      const { runs } = await fetchJson("/api/runs");
      const running = runs[0]?.status === "running" && runs[0].name !== "matrix";
      if (running) this.show(await fetchJson(`/api/runs/${runs[0].runId}`));
    } catch (error) {
      this.#problem.textContent = messageOf(error);
    }
  }

  /**
   * @param {Experiment[]} experiments
   * @returns {void}
   */
  #list(experiments) {
    this.#experiments = new Map(experiments.map((each) => [each.name, each]));
    for (const { name, title, description } of experiments) {
      const control = button(letter(title), () => this.start(name), {
        "aria-label": labelled(gettext("Run"), title),
        title: `${title}\n${description}`,
      });
      this.#buttons.set(name, control);
    }
    this.#group.replaceChildren(...this.#buttons.values());
    this.#group.hidden = experiments.length === 0;
    this.dispatchEvent(new Event("listed"));
  }

  /** @returns {Array<{name: string, letter: string, title: string}>} what it offers */
  get listed() {
    return [...this.#experiments.values()].map(({ name, title }) => {
      const sign = letter(title);
      return { name, letter: sign, title: title.slice(sign.length).replace(/^[:：]\s*/u, "") };
    });
  }

  /**
   * @param {Run} run
   * @returns {void}
   */
  show(run) {
    const running = run.status === "running";
    this.#runId = run.runId;
    this.#state.hidden = false;
    this.#run.show(run);
    for (const [name, control] of this.#buttons) {
      control.disabled = running;
      control.className = name === run.name ? `last ${run.status}` : "";
    }
    const total = this.#experiments.get(run.name)?.stepCount ?? run.steps.length;
    const values = { name: letter(run.title), done: run.steps.length, total };
    const took = tookMs(run);
    this.#word.replaceChildren(
      ...(running ? [interpolate(gettext("%(name)s running %(done)s/%(total)s"), values)] : [
        `${values.name} `,
        verdict(run.status),
        took === null ? "" : ` ${(took / 1000).toFixed(1)} s`,
      ]),
    );
    this.#progress.hidden = !running;
    this.#progress.setAttribute("max", String(total));
    this.#progress.setAttribute("value", String(run.steps.length));
    this.#stop.hidden = !running;
    this.#report.replaceChildren(...(running ? [] : [link(run, "report", gettext("Report"))]));
    this.dispatchEvent(new CustomEvent("run", { detail: run }));
  }

  /**
   * Runs an experiment; where there is none their page says what there can be.
   * @param {string} [name] the first one when it is left out
   * @returns {Promise<void>}
   */
  async start(name = [...this.#experiments.keys()][0]) {
    if (!name) return location.assign("/experiments");
    this.#problem.textContent = "";
    try {
      this.show(await fetchJson(`/api/experiments/${name}/runs`, { method: "POST" }));
    } catch (error) {
      this.#problem.textContent = messageOf(error);
    }
  }

  /** @returns {Promise<void>} */
  async #stopRun() {
    await fetchJson(`/api/runs/${this.#runId}/stop`, { method: "POST" }).catch((error) => {
      this.#problem.textContent = messageOf(error);
    });
  }
}

/**
 * @param {Experiment[]} experiments
 * @param {string} tag
 * @returns {Experiment[]}
 */
function onBench(experiments, tag) {
  const tagged = experiments.filter(({ own, tags }) =>
    !own && tags.includes(tag) && !tags.includes("switch")
  );
  const own = experiments.filter((each) => each.own && !each.problem);
  return [...tagged, ...own.slice(0, MOST_OWN)];
}

/**
 * @param {string} title
 * @returns {string} the letter before its colon
 */
function letter(title) {
  return /^[^:：,]{1,3}(?=[:：,])/.exec(title)?.[0] ?? title;
}

customElements.define("lab-experiments", LabExperiments);
