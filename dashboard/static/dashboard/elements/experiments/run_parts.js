import { build } from "../../base/dom.js";
import { gettext, labelled } from "../../base/i18n.js";

const TONES = /** @type {Record<string, string>} */ ({
  passed: "good",
  completed: "good",
  deviated: "bad",
  failed: "bad",
  running: "warn",
});

/**
 * Builds the badge that says how a run went, by a word and a colour.
 * @param {string} status
 * @returns {HTMLElement}
 */
export function verdict(status) {
  const words = /** @type {Record<string, string>} */ ({
    running: gettext("running"),
    passed: gettext("as expected"),
    completed: gettext("measured"),
    deviated: gettext("not as expected"),
    failed: gettext("failed"),
    aborted: gettext("stopped"),
    skipped: gettext("skipped"),
  });
  return build("span", { class: `badge ${TONES[status] ?? ""}` }, words[status] ?? status);
}

/**
 * Builds a link to a file that a run has left.
 * @param {{runId: string, title: string}} run
 * @param {"report" | "journal"} file
 * @param {string} text
 * @returns {HTMLElement}
 */
export function link(run, file, text) {
  const attributes = {
    href: `/api/runs/${run.runId}/${file}`,
    "aria-label": labelled(text, run.title),
  };
  const how = file === "journal" ? ["download", ""] : ["target", "_blank"];
  return build("a", { ...attributes, ...Object.fromEntries([how]) }, text);
}
