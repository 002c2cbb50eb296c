import { byId } from "../base/dom.js";
import { gettext } from "../base/i18n.js";

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/**
 * Starts what every page has: the state of the connection and the choice of a theme.
 * @param {import("../wire/feed.js").Feed} feed
 * @returns {void}
 */
export function start(feed) {
  const state = byId("connection");
  feed.addEventListener("state", (event) => {
    const live = /** @type {CustomEvent} */ (event).detail === "live";
    state.textContent = live
      ? gettext("Live")
      : gettext("The observer does not answer; trying again …");
    state.dataset.state = live ? "live" : "lost";
  });
  chooseTheme();
  feed.start();
}

/** @returns {void} */
function chooseTheme() {
  const choice = /** @type {HTMLSelectElement} */ (byId("theme"));
  const stored = localStorage.getItem("theme");
  choice.value = THEMES.find((theme) => theme === stored) ?? "auto";
  choice.addEventListener("change", () => {
    if (choice.value === "auto") {
      localStorage.removeItem("theme");
      delete document.documentElement.dataset.theme;
      return;
    }
    localStorage.setItem("theme", choice.value);
    document.documentElement.dataset.theme = choice.value;
  });
}
