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

/**
 * Says how a link is to be drawn.
 * @param {Fault[]} faults in force on it
 * @returns {string} one of the looks, or "whole"
 */
export function look(faults) {
  const kinds = new Set(faults.map((fault) => fault.kind));
  for (const [name, members] of LOOKS) {
    if (members.some((member) => kinds.has(member))) return name;
  }
  return "whole";
}

/**
 * Says in a few words what is wrong with a link, with the number that matters most.
 * @param {Fault} fault
 * @param {string} title of its kind
 * @returns {string}
 */
export function label(fault, title) {
  const { ms, rate, kbps, status, count } = fault.parameters;
  if (rate !== undefined) return `${title} ${Math.round(Number(rate) * 100)} %`;
  if (ms) return `${title} ${ms} ms`;
  if (kbps !== undefined) return `${title} ${kbps} KB/s`;
  if (status !== undefined) return `${title} ${status}`;
  if (count !== undefined) return `${title} ${count}`;
  return title;
}

/**
 * @typedef {object} Flight A message that moves along a link.
 * @property {string} link
 * @property {"request" | "response"} stream
 * @property {number} reach how far it comes, from 0 to 1
 * @property {boolean} lost
 */

const LINK_OF_SPAN = /** @type {Record<string, string>} */ ({
  "order.click": "client-to-api",
  "job.deliver": "api-to-worker",
  "callback.send": "worker-to-api",
});

const NEVER_ARRIVED = new Set(["connect_refused", "connect_timeout", "dns", "tls"]);
const HALFWAY = 0.5;

/**
 * Turns an ended span of a call into the messages to draw. A call that was given up is drawn as far
 * as its caller can tell: no answer came back; whether the request arrived it can't know.
 * @param {{name: string, state: string, errorKind: string | null}} span
 * @returns {Flight[]}
 */
export function flights(span) {
  const link = LINK_OF_SPAN[span.name];
  if (!link || span.state !== "ended") return [];
  const kind = span.errorKind;
  if (kind === "simulated_partition") return [];
  if (kind !== null && NEVER_ARRIVED.has(kind)) {
    return [{ link, stream: "request", reach: HALFWAY, lost: true }];
  }
  const request = /** @type {Flight} */ ({ link, stream: "request", reach: 1, lost: false });
  if (kind === "read_timeout" || kind === "reset" || kind === "_OTHER") {
    return [request, { link, stream: "response", reach: HALFWAY, lost: true }];
  }
  return [request, { link, stream: "response", reach: 1, lost: false }];
}
