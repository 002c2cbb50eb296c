import { build } from "../../base/dom.js";
import { icon } from "../../base/icons.js";
import { clock } from "../../base/time.js";
import { details } from "../../model/log_filter.js";
import { hue, learnSenders } from "../../base/palette.js";

/** As much of a message as a line has room for, in characters. */
const LONGEST = 1_000;

/**
 * Builds what a log line shows: its time, level, service, message and fields.
 * @param {{timeUnixNano: string, level: string, service: string, msg: string, attributes: Record<string, unknown>}} line
 * @returns {HTMLElement[]}
 */
export function lineCells(line) {
  const { level } = line;
  learnSenders([line.service]);
  const sign = level === "WARN" ? [icon("warn")] : /ERROR|FATAL/.test(level) ? [icon("error")] : [];
  return [
    build("time", {}, clock(line.timeUnixNano)),
    build("span", { class: "level" }, ...sign, level),
    build("span", { class: `service ${hue(line.service)}` }, line.service),
    build("span", { class: "msg" }, line.msg.slice(0, LONGEST)),
    build("span", { class: "fields" }, details(line).join(" ")),
  ];
}
