import { gettext, labelled } from "../../../base/i18n.js";
import { label } from "../../../model/map.js";
import { inSentence } from "../../../model/titles.js";
import { serviceTitle } from "../../shared/service_title.js";

/** @type {Record<string, string>} */
const NAMES = {
  bandwidth: gettext("low bandwidth"),
  crash: gettext("crashed"),
  cut: gettext("cut"),
  duplicate: gettext("duplicated"),
  fail_first: gettext("first connections fail"),
  flap: gettext("flapping"),
  http_5xx: gettext("answers with an error"),
  http_status: gettext("link returns an error"),
  limit_data: gettext("cut off after some bytes"),
  lossy: gettext("lossy"),
  pause: gettext("paused"),
  request_lost: gettext("requests lost"),
  reset: gettext("reset"),
  response_lost: gettext("responses lost"),
  slicer: gettext("fragmented"),
  slow: gettext("slow"),
  slow_close: gettext("delayed close"),
  timeout: gettext("hangs, then closes"),
};
const MILD = ["slow", "slow_close", "bandwidth", "slicer", "duplicate"];

/**
 * A fault's kind in the reader's language.
 * @param {string} kind
 * @returns {string}
 */
function kindName(kind) {
  return NAMES[kind] ?? kind.replaceAll("_", " ");
}

/**
 * Where a fault is, and which: its kind with the number that matters most.
 * @param {string} target
 * @param {Array<{kind: string, parameters: Record<string, number | string>}>} faults
 * @returns {{whole: string, short: string}} `short`: without the place
 */
export function faultTexts(target, faults) {
  const short = [...new Set(faults.map((fault) => label(fault, kindName(fault.kind))))].join(", ");
  const place = target.split("->").map((name) => inSentence(serviceTitle(name))).join(" → ");
  return { whole: labelled(place, short), short };
}

/**
 * The tone that a fault is drawn in: what lets things through is undecided, what stops them is bad.
 * @param {string} kind
 * @returns {"warn" | "bad"}
 */
export function toneOf(kind) {
  return MILD.includes(kind) ? "warn" : "bad";
}
