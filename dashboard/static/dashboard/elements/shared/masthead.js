import { byId } from "../../base/dom.js";
import { formatted, gettext, interpolate } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";
import { fetchJson } from "../../wire/api.js";
import { watchProblems } from "./problems.js";

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
const SIZES = /** @type {const} */ (["normal", "large", "largest"]);

/**
 * Starts what every page has: the state of the connection, what does not work, theme, text size and
 * menu.
 * @param {import("../../wire/feed.js").Feed} feed
 * @returns {void}
 */
export function startPage(feed) {
  const state = byId("connection");
  feed.addEventListener("state", (event) => {
    const live = /** @type {CustomEvent} */ (event).detail === "live";
    state.textContent = live
      ? gettext("Live")
      : gettext("The observer does not answer; trying again …");
    state.dataset.state = live ? "live" : "lost";
    state.title = live ? "" : state.textContent;
  });
  state.addEventListener("pointerenter", () => showGauge(state).catch(() => {}));
  feed.addEventListener("startedOver", beginAnew);
  watchProblems(byId("problems"), feed);
  const themes = { auto: gettext("Auto"), light: gettext("Light"), dark: gettext("Dark") };
  cycle("theme", THEMES, (theme) => {
    const name = interpolate(gettext("Theme: %(name)s"), { name: themes[theme] });
    const control = byId("theme");
    control.replaceChildren(icon(theme));
    control.title = name;
    control.setAttribute("aria-label", name);
  });
  cycle("text-size", SIZES, () => {});
  const menu = byId("menu");
  menu.addEventListener("click", () => {
    const opened = menu.parentElement?.classList.toggle("opened") ?? false;
    menu.setAttribute("aria-expanded", String(opened));
  });
  feed.start();
}

/**
 * The lab is back at its first minute: so is the page, which may show what is no longer there.
 * @returns {void}
 */
function beginAnew() {
  const [, first = ""] = location.pathname.split("/");
  if (first === "orders") location.assign("/");
  else if (first === "traces" || first === "compare") location.assign("/traces");
  else location.reload();
}

/**
 * Lets a button of the masthead go through values, which the browser keeps and `base/theme.js` applies.
 * @template {string} T
 * @param {"theme" | "text-size"} id
 * @param {readonly [T, ...T[]]} values the first is the default
 * @param {(value: T) => void} show
 * @returns {void}
 */
function cycle(id, values, show) {
  const read = () => values.find((each) => each === localStorage.getItem(id)) ?? values[0];
  const apply = (/** @type {T} */ value) => {
    const { dataset } = document.documentElement;
    const name = id === "theme" ? "theme" : "size";
    if (value === values[0]) delete dataset[name];
    else dataset[name] = value;
    show(value);
  };
  apply(read());
  byId(id).addEventListener("click", () => {
    const next = values[(values.indexOf(read()) + 1) % values.length] ?? values[0];
    localStorage.setItem(id, next);
    apply(next);
  });
}

/**
 * Says how much telemetry is kept, where the pointer asks for it.
 * @param {HTMLElement} state
 * @returns {Promise<void>}
 */
async function showGauge(state) {
  const stats = await fetchJson("/api/telemetry");
  const lost = Object.values(/** @type {Record<string, number>} */ (stats.droppedByServices))
    .reduce((sum, each) => sum + each, 0);
  const text = gettext(
    "Telemetry: %(spans)s spans and %(logs)s log lines, %(size)s of %(most)s MB; %(lost)s lost.",
  );
  const kept = interpolate(text, {
    spans: formatted(stats.spans),
    logs: formatted(stats.logs),
    size: (stats.bytes / 1e6).toFixed(1),
    most: Math.round(stats.maxBytes / 1e6),
    lost,
  });
  const points = stats.metricPointsNotKept;
  const notKept = gettext("%(points)s data points of metrics came in, which are not kept.");
  state.title = points ? `${kept} ${interpolate(notKept, { points: formatted(points) })}` : kept;
}
