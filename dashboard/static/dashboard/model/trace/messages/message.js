/**
 * @typedef {object} Message One request or response, as the evidence has it.
 * @property {string} id
 * @property {"request" | "response"} kind
 * @property {string} from
 * @property {string} to
 * @property {string} sentUnixNano
 * @property {string | null} receivedUnixNano
 * @property {"delivered" | "lost" | "unknown" | "late" | "refused"} outcome
 * @property {string} label
 * @property {string | null} errorKind
 * @property {string} spanId
 * @property {string | null} gaveUpUnixNano
 *
 * @typedef {"arrived" | "refused" | "reset" | "lost" | "given-up" | "unknown" | "under-way"} End
 *   `under-way` of one that is looked at before its end
 *
 * @typedef {object} FaultWindow A fault that was in force, in nanoseconds from the trace's base.
 * @property {string} target a service, or `<service>-><service>`
 * @property {string} kind
 * @property {Record<string, number | string>} parameters
 * @property {number} from
 * @property {number} to
 *
 * @typedef {object} Known What the evidence knows of a trace.
 * @property {Message[]} messages
 * @property {FaultWindow[]} windows
 * @property {string[]} lanes who calls or is called, in order
 * @property {boolean} isOrder whether it is an order's, or any application's
 * @property {boolean} whole whether the records of all sides are shown
 */

const MOST_LANES = 6;

/** In the order of the legend; what is not known comes last. */
export const ENDS = /** @type {End[]} */ ([
  "arrived",
  "refused",
  "reset",
  "lost",
  "given-up",
  "unknown",
  "under-way",
]);

/**
 * How a message ended. What no record shows stays unknown.
 * @param {Message} message
 * @returns {End}
 */
export function endOf({ receivedUnixNano, outcome, errorKind }) {
  if (receivedUnixNano !== null || outcome === "delivered") return "arrived";
  if (outcome === "refused") return "refused";
  if (errorKind === "reset") return "reset";
  if (outcome === "late") return "given-up";
  return outcome;
}

/**
 * Whether a message had been sent, and nobody had any record yet of what became of it.
 * @param {Message} message
 * @returns {boolean}
 */
export function isUnderWay({ receivedUnixNano, outcome, errorKind, gaveUpUnixNano }) {
  const ended = receivedUnixNano !== null || gaveUpUnixNano !== null || errorKind !== null;
  return outcome === "unknown" && !ended;
}

/**
 * The sides of some messages, in a known order; what that does not name, where it is first spoken of.
 * @param {Message[]} messages
 * @param {string[]} order
 * @returns {string[]}
 */
export function lanesOf(messages, order) {
  const speaking = new Set(messages.flatMap(({ from, to }) => [from, to]));
  return [...new Set([...order.filter((each) => speaking.has(each)), ...speaking])];
}

/**
 * Which lanes are drawn: those that were asked for, then the busiest, in their order.
 * @param {string[]} lanes
 * @param {Message[]} messages
 * @param {string[]} [preferred] the last one first
 * @returns {string[]}
 */
export function chooseLanes(lanes, messages, preferred = []) {
  /** @type {Map<string, number>} */
  const busy = new Map(lanes.map((lane) => [lane, 0]));
  for (const { from, to } of messages) {
    for (const lane of [from, to]) busy.set(lane, (busy.get(lane) ?? 0) + 1);
  }
  const byNeed = [...lanes].sort((a, b) => (busy.get(b) ?? 0) - (busy.get(a) ?? 0));
  const chosen = new Set([...preferred, ...byNeed].slice(0, MOST_LANES));
  return lanes.filter((lane) => chosen.has(lane));
}

/**
 * The lanes of which nothing is on record.
 * @param {string[]} lanes
 * @param {{services: string[], logs: Array<{service: string}>}} records
 * @returns {string[]}
 */
export function silentLanes(lanes, { services, logs }) {
  const recorded = new Set(services);
  for (const { service } of logs) recorded.add(service);
  return lanes.filter((each) => !recorded.has(each));
}
