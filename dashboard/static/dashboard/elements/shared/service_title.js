import { gettext } from "../../base/i18n.js";

const given = document.getElementById("service-titles");
const OF_SYSTEM = /** @type {Record<string, string>} */ (JSON.parse(given?.textContent ?? "{}"));
const TITLES = /** @type {Record<string, string>} */ ({ client: gettext("Client"), ...OF_SYSTEM });

/** The names of the system's services, in its order. */
export const SERVICES = Object.keys(OF_SYSTEM);

/**
 * What people call a service: the title that its system gives it, or its name in telemetry.
 * @param {string} name
 * @returns {string}
 */
export function serviceTitle(name) {
  return TITLES[name] ?? name;
}
