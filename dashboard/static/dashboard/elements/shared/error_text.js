import { gettext } from "../../base/i18n.js";

/** OpenTelemetry's name for a failure of which no record says how. */
const UNNAMED = "_OTHER";

/**
 * The kind of a failure as it is shown.
 * @param {string | null} kind
 * @returns {string}
 */
export function errorText(kind) {
  return kind === null || kind === UNNAMED ? gettext("error") : kind;
}
