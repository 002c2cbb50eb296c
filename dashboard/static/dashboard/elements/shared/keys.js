import { byId } from "../../base/dom.js";

const PRESSED_BY_SPACE = "button, summary, a, input, [role=tab], [role=button]";
const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea";

/**
 * Gives keys to a page; none of them acts while somebody types, or in an open dialog. `?` shows what
 * the page's help lists.
 * @param {Record<string, () => void>} actions by key
 * @returns {void}
 */
export function listenToKeys(actions) {
  const help = /** @type {HTMLDialogElement} */ (byId("help"));
  /** @type {Record<string, () => void>} */
  const all = { ...actions, "?": () => help.showModal() };
  byId("help-button").addEventListener("click", () => help.showModal());
  help.addEventListener("click", (event) => {
    if (event.target === help) help.close();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches(TYPING);
    if (typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.key === " " && event.target instanceof HTMLElement &&
      event.target.matches(PRESSED_BY_SPACE);
    const act = pressed ? undefined : all[event.key];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
}
