import { gettext } from "../../base/i18n.js";

const given = document.getElementById("service-titles");
const TITLES = /** @type {Record<string, string>} */ ({
  client: gettext("Client"),
  ...JSON.parse(given?.textContent ?? "{}"),
});

/**
 * What people call a service: the title that its system gives it, or its name in telemetry.
 * @param {string} name
 * @returns {string}
 */
export function serviceTitle(name) {
  return TITLES[name] ?? name;
}
