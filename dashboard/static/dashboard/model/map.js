import { linkOfBoundary } from "./system.js";
import { isUnderWay } from "./trace/messages/message.js";

/**
 * @typedef {object} Fault
 * @property {string} id
 * @property {string} target
 * @property {string} kind
 * @property {string} level
 * @property {string} words
 * @property {Record<string, number | string>} parameters
 * @property {number | null} remainingSeconds
 * @property {string | null} expiresAt
 * @property {string} setBy
 * @property {"in_force" | "healing" | "heal_failed"} state
 * @property {string} healProblem why it could not be healed
 */

/** How a link looks: the strongest of its faults decides. */
const LOOKS = /** @type {const} */ ([
  ["cut", ["cut"]],
  ["request-lost", ["request_lost"]],
  ["response-lost", ["response_lost"]],
  ["flapping", ["flap", "fail_first"]],
  ["closing", ["reset", "timeout", "limit_data", "slow_close"]],
  ["lossy", ["lossy"]],
  ["answering", ["http_status"]],
  ["double", ["duplicate"]],
  ["slow", ["slow", "bandwidth", "slicer"]],
]);

/** What the toxics of other clients are called where the lab sets them; a disabled proxy is cut. */
const KINDS = /** @type {Record<string, string>} */ ({
  disabled: "cut",
  latency: "slow",
  packet_loss: "lossy",
  reset_peer: "reset",
});

/**
 * What others have put into a link, as faults without an id: the lab did not set them, nor heals them.
 * @param {import("./system.js").System} system
 * @param {string} name of the link
 * @returns {Array<Pick<Fault, "id" | "target" | "kind" | "parameters">>}
 */
export function faultsOfOthers(system, name) {
  const link = system.links.find((each) => each.name === name);
  return (link?.brokenByOthers ?? []).map((toxic) => (
    { id: "", target: name, kind: KINDS[toxic] ?? toxic, parameters: {} }
  ));
}

/** Faults that delay, but lose nothing by themselves. */
const LATE = new Set(["slow", "bandwidth", "slicer", "slow_close", "duplicate"]);

/**
 * Whether a fault only delays: it is undecided what comes of it, nothing has failed yet.
 * @param {{kind: string}} fault
 * @returns {boolean}
 */
export function delays({ kind }) {
  return LATE.has(kind);
}

/**
 * How a link is drawn.
 * @param {Array<Pick<Fault, "kind">>} faults in force on it
 * @returns {string} one of the looks, or "whole"
 */
export function lookOf(faults) {
  const kinds = new Set(faults.map((fault) => fault.kind));
  for (const [name, members] of LOOKS) {
    if (members.some((member) => kinds.has(member))) return name;
  }
  return "whole";
}

/**
 * What is wrong with a link in a few words, with the number that matters most.
 * @param {Pick<Fault, "parameters">} fault
 * @param {string} title of its kind
 * @returns {string}
 */
export function label(fault, title) {
  const { ms, rate, kbps, status, count } = fault.parameters;
  if (rate !== undefined) return `${title} ${Math.round(Number(rate) * 100)} %`;
  if (ms) return `${title} ${Number(ms) < 1000 ? `${ms} ms` : `${Number(ms) / 1000} s`}`;
  if (kbps !== undefined) return `${title} ${kbps} KB/s`;
  if (status !== undefined) return `${title} ${status}`;
  if (count !== undefined) return `${title} ${count}`;
  return title;
}

/**
 * @typedef {object} CallSpan A span of a call across a link.
 * @property {string} state
 * @property {string | null} errorKind
 * @property {string | null} orderId
 * @property {Record<string, unknown>} attributes
 *
 * @typedef {object} MovingMessage A message that moves along a link.
 * @property {string} link
 * @property {"request" | "response"} stream
 * @property {number} reach how far it comes, from 0 to 1
 * @property {string | null} end what ended it under way, of an errorKind
 * @property {string} orderId
 */

/**
 * What a map shows of a moment of a trace: the faults that were in force, and the messages that were
 * under way by the records of then.
 * @param {import("./system.js").System} system
 * @param {Pick<import("./trace/messages/message.js").Known, "windows" | "messages">} known
 * @param {number} at
 * @returns {{faults: Fault[], messages: MovingMessage[]}}
 */
export function mapAt(system, { windows, messages }, at) {
  const targetOf = (/** @type {string} */ target) => linkOfBoundary(system, target) ?? target;
  const faults = windows.filter(({ from, to }) => from <= at && to >= at).map((each) => ({
    id: "",
    target: targetOf(each.target),
    kind: each.kind,
    level: "",
    words: "",
    parameters: each.parameters,
    remainingSeconds: null,
    expiresAt: null,
    setBy: "",
    state: /** @type {const} */ ("in_force"),
    healProblem: "",
  }));
  const moving = messages.flatMap((message) => {
    if (!isUnderWay(message)) return [];
    const { kind, from, to } = message;
    const ends = kind === "request" ? [from, to] : [to, from];
    const link = linkOfBoundary(system, ends.join("->"));
    return link ? [{ link, stream: kind, reach: HALFWAY, end: null, orderId: "" }] : [];
  });
  return { faults, messages: moving };
}

const NEVER_ARRIVED = new Set(["connect_refused", "connect_timeout", "dns", "tls"]);
const HALFWAY = 0.5;

/**
 * Turns an ended span of a call into the messages to draw. A call that was given up is drawn as far
 * as its caller can tell: no response came back; whether the request arrived it can't know.
 * @param {import("./system.js").System} system
 * @param {CallSpan} span
 * @returns {MovingMessage[]}
 */
export function messagesOf(system, span) {
  const link = linkOfBoundary(system, span.attributes["lab.boundary"]);
  const end = span.errorKind;
  if (!link || span.state !== "ended" || end === "simulated_partition") return [];
  const orderId = span.orderId ?? "";
  const whole = /** @type {MovingMessage} */ ({
    link,
    orderId,
    stream: "request",
    reach: 1,
    end: null,
  });
  if (end !== null && NEVER_ARRIVED.has(end)) return [{ ...whole, reach: HALFWAY, end }];
  if (end === "read_timeout" || end === "reset" || end === "_OTHER") {
    return [whole, { ...whole, stream: "response", reach: HALFWAY, end }];
  }
  return [whole, { ...whole, stream: "response" }];
}
