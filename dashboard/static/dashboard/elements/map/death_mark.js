import { build } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";
import { icon } from "../../base/icons.js";

/**
 * Marks on a link that a message died there.
 * @param {string} link
 * @param {string} end how, an errorKind
 * @param {string} orderId whose
 * @returns {HTMLElement}
 */
export function deathMark(link, end, orderId) {
  const gaveUp = end === "read_timeout";
  const words = {
    connect_refused: gettext("refused"),
    read_timeout: gettext("gave up"),
    reset: gettext("reset"),
  }[end] ?? end;
  return build(
    "p",
    { class: `death ${gaveUp ? "undecided" : ""}`, "data-link": link },
    build("span", {}, `${orderId.slice(0, 8)} ${words}`),
    icon(gaveUp ? "hourglass" : "close"),
  );
}
