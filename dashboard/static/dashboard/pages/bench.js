import { build, byId } from "../base/dom.js";
import { gettext, ngettext } from "../base/i18n.js";
import { popover } from "../base/popover.js";
import { once, whenIdle } from "../base/scheduling.js";
import { mayBelongTo } from "../model/belonging.js";
import { marked } from "../model/log_filter.js";
import { linkTitle, titleOf } from "../model/system.js";
import { fetchJson } from "../wire/api.js";
import "../elements/faults/lab_heal.js";
import "../elements/log/lab_log.js";
import "../elements/map/lab_map.js";
import "../elements/trace/lab_trace.js";
import { listenToRegions } from "./regions.js";

const LOG_LINES = 200;
const GAP = 4;
/** In pixels: of less the menu shows a kind of fault at a time. */
const LEAST_MENU = 320;

/**
 * What the bench of every system has: the map and the faults on it, a trace, the log. It follows the
 * feed; what is listed beside is the page's own.
 */
export class Bench {
  map = /** @type {import("../elements/map/lab_map.js").LabMap} */ (byId("map"));
  menu =
    /** @type {import("../elements/faults/lab_fault_menu.js").LabFaultMenu} */ (byId("fault-menu"));
  heal = /** @type {import("../elements/faults/lab_heal.js").LabHeal} */ (byId("heal"));
  trace = /** @type {import("../elements/trace/lab_trace.js").LabTrace} */ (byId("trace"));
  log = /** @type {import("../elements/log/lab_log.js").LabLog} */ (byId("log"));
  #note = /** @type {HTMLButtonElement} */ (byId("fault-note"));
  #client = gettext("Client");
  /** Of faults: those in force, how many others are hidden, and the kinds that there are. */
  #active = { faults: [], hidden: 0, kinds: [] };
  /** What is opened by a press is loaded for the first one, or before, once the browser is idle. */
  #loadMenu = once(async () => {
    await import("../elements/faults/lab_fault_menu.js");
    this.menu.know(this.system, this.titles);
    this.menu.show(this.#active.faults, this.#active.kinds);
  });

  /**
   * @param {import("../model/system.js").System} system
   * @param {import("../wire/feed.js").Feed} feed
   */
  constructor(system, feed) {
    this.system = system;
    const { map, menu, heal, trace, log } = this;
    const opened = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail;
    map.addEventListener("choose", (event) => this.#openMenu(opened(event)));
    map.addEventListener("heal", async (event) => {
      await this.#loadMenu();
      menu.heal(opened(event));
    });
    menu.addEventListener("opened", (event) => map.opened = opened(event));
    for (const element of [menu, heal]) {
      element.addEventListener("changed", () => this.showFaults().catch(() => {}));
    }
    this.#note.addEventListener("click", () => this.#openMenu(""));
    log.addEventListener("probes", async () => log.stream.add(await logLines("&probes=1")), {
      once: true,
    });
    log.addEventListener("prove", (event) => trace.prove(opened(event)));
    trace.addEventListener("moment", (event) => map.showMoment(opened(event)));
    log.order = trace.logs;
    log.services = ["client", ...system.services.map(({ name }) => name)];
    const more = moreActions(byId("more-actions"));
    whenIdle(() => Promise.allSettled([this.#loadMenu(), more()]));
    this.#follow(feed);
    listenToRegions(trace);
    this.#showSystem();
  }

  /** @returns {Map<string, string>} the titles of what can be broken */
  get titles() {
    const { links, services } = this.system;
    return new Map([
      ...links.map(({ name }) => this.#titled(name, linkTitle)),
      ...services.map(({ name }) => this.#titled(name, titleOf)),
    ]);
  }

  /** @returns {Promise<void>} */
  async showFaults() {
    this.#active = await fetchJson("/api/faults");
    const { faults, hidden, kinds } = this.#active;
    this.map.show(faults, kinds);
    if (this.#hasMenu) this.menu.show(faults, kinds);
    this.heal.show(faults.length + hidden);
    this.#note.textContent = faults.length
      ? ngettext("%s active fault", "%s active faults", faults.length)
      : gettext("No active faults");
    this.#note.disabled = !faults.length;
    this.#note.hidden = false;
    byId("mystery-note").hidden = !hidden;
  }

  /** @returns {Promise<void>} */
  async showLog() {
    this.log.stream.add(await logLines());
  }

  /**
   * The keys that work on the bench of every system.
   * @returns {Record<string, () => void>}
   */
  get keys() {
    const { heal, trace } = this;
    return {
      h: () => heal.querySelector("button")?.click(),
      "/": () => trace.find(),
      ",": () => trace.replay.step(-1),
      ".": () => trace.replay.step(1),
      " ": () => trace.replay.play(),
      1: () => trace.view(0),
      2: () => trace.view(1),
      3: () => trace.view(2),
      4: () => trace.view(3),
    };
  }

  /** @returns {boolean} whether the menu has been loaded */
  get #hasMenu() {
    return customElements.get(this.menu.localName) !== undefined;
  }

  /** @param {import("../wire/feed.js").Feed} feed @returns {void} */
  #follow(feed) {
    feed.addEventListener("batch", (event) => {
      const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
      this.log.stream.add(marked(/** @type {CustomEvent} */ (event).detail));
      this.map.move(spans);
      const current = this.trace.getAttribute("trace-id");
      if ([...spans, ...logs].some((record) => mayBelongTo(record, current))) this.trace.refresh();
    });
    feed.addEventListener("faults", () => this.showFaults().catch(() => {}));
    // What is no record, and so is not resumed by the feed, is fetched again.
    for (const type of ["system", "hello"]) {
      feed.addEventListener(type, () => this.#refresh().catch(() => {}));
    }
    feed.addEventListener("problems", (event) => {
      this.map.silent = /** @type {CustomEvent} */ (event).detail.silent ?? [];
    });
  }

  /**
   * Docks the menu below the map, which stays in sight, or beside it where a tall map leaves little
   * room below.
   * @param {string} target
   * @returns {Promise<void>}
   */
  async #openMenu(target) {
    await this.#loadMenu();
    const { left, right, top, bottom, width } = byId("network").getBoundingClientRect();
    const beside = innerHeight - bottom < LEAST_MENU && right + width < innerWidth;
    const below = beside ? top : bottom + GAP;
    this.menu.style.left = `${beside ? right + GAP : left}px`;
    this.menu.style.top = `${below}px`;
    this.menu.style.width = `${width}px`;
    this.menu.style.maxHeight = `${innerHeight - below - 2 * GAP}px`;
    this.menu.open(target);
  }

  /**
   * Takes in what was attached or removed, and what can be broken now.
   * @returns {Promise<void>}
   */
  async #refresh() {
    const now = await fetchJson("/api/system");
    // What has not changed is not drawn again: nothing moves under the pointer.
    if (JSON.stringify(now) !== JSON.stringify(this.system)) {
      this.system = now;
      this.#showSystem();
    }
    await this.showFaults();
  }

  /** @returns {void} */
  #showSystem() {
    this.map.system = this.system;
    if (this.#hasMenu) this.menu.know(this.system, this.titles);
  }

  /**
   * @param {string} name
   * @param {typeof linkTitle} title
   * @returns {[string, string]}
   */
  #titled(name, title) {
    return [name, title(this.system, name, this.#client)];
  }
}

/**
 * The newest lines, from before the page listened.
 * @param {string} [more] of the query
 * @returns {Promise<import("../model/log_filter.js").LogLine[]>}
 */
async function logLines(more = "") {
  return marked(await fetchJson(`/api/logs?fields=brief&limit=${LOG_LINES}${more}`));
}

/**
 * Puts beside its opener what stands behind "More": starting over, and links to what runs already.
 * @param {HTMLElement} opener
 * @returns {() => Promise<unknown>} loads it
 */
function moreActions(opener) {
  const links = /** @type {import("../elements/links/lab_links.js").LabLinks} */ (build(
    "lab-links",
  ));
  const load = once(() =>
    Promise.all([
      import("../elements/shared/lab_start_over.js"),
      import("../elements/links/lab_links.js"),
    ])
  );
  opener.after(popover(opener, gettext("More"), build("lab-start-over"), links));
  opener.addEventListener("click", () => load().then(() => links.show()).catch(() => {}));
  return load;
}
