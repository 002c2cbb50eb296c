import { build, button } from "../../base/dom.js";
import { gettext, interpolate } from "../../base/i18n.js";

/**
 * Says of a service that the lab does not start whose it is, and leads to what can be broken of it:
 * its links.
 * @param {string} title of the service
 * @param {Array<[string, string]>} links that lead to it or from it: their names and titles
 * @param {(link: string) => void} open
 * @returns {HTMLElement}
 */
export function notOurs(title, links, open) {
  const advice = links.length ? gettext("What can be broken of it: its links.") : gettext(
    "No link leads to it yet: put one in front of it under ⋯, and let its callers call that.",
  );
  return build(
    "div",
    { class: "not-ours" },
    build(
      "p",
      {},
      interpolate(gettext("Somebody else starts %(name)s: it is not stopped from here."), {
        name: title,
      }),
    ),
    build("p", { class: "quiet" }, advice),
    ...links.map(([name, of]) =>
      button(of, () => open(name), { class: "link", "data-link": name })
    ),
  );
}
