import { Descent } from "./descent.js";
import { endOf } from "./message.js";
import { alongArrow, besideGate, besideWait, GATE, REACH, shortened, TEXT } from "./places.js";
import { Room } from "./room.js";

/**
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./descent.js").Stop} Stop
 * @typedef {import("./room.js").Line} Line
 * @typedef {import("./room.js").Box} Box
 * @typedef {{service: string, x: number}} Lane
 *
 * @typedef {object} Sent A message with its moments in nanoseconds from the trace's base.
 * @property {Message} message
 * @property {number} sent
 * @property {number | null} received
 * @property {number | null} gaveUp
 * @property {string[]} texts what is said of it, the longest first
 * @property {string[]} gaveUpTexts
 *
 * @typedef {object} Fault A fault in force, with its names, the longest first.
 * @property {string} target
 * @property {boolean} [back] whether it stops answers, which the link's other end sends
 * @property {number} from
 * @property {number} to
 * @property {string[]} texts
 * @property {string} tone
 *
 * @typedef {object} DiagramInput What is to be drawn.
 * @property {Sent[]} messages
 * @property {string[]} lanes the sides, from left to right
 * @property {Fault[]} faults
 * @property {Array<{from: number, to: number, texts: string[]}>} folds
 * @property {number} first
 * @property {number} last
 * @property {number} width
 * @property {number} height at least, where a little stretching is enough
 * @property {(text: string) => number} measure
 *
 * @typedef {Line & {sent: Sent, end: import("./message.js").End, direction: number}} Arrow
 * @typedef {Box & {text: string, kind: string, of: number}} Label `of`: the place of its message, or -1
 * @typedef {Box & {fault: Fault, direction: number}} Gate `direction` 0 of one on a whole service
 * @typedef {{x: number, y: number, reach: number, of: number}} GaveUp `reach`: how far the wait is drawn
 */

const TOP = 40;
const BOTTOM = 8;
const TIMES = 50;
const LANE_MARGIN = 48;
const NEAREST_LANES = 104;
const LANE_HALF = 7;
const SLANT = 9;
const AROUND_LANE = 16;
const MOST_STRETCH = 1.6;
const NEARLY_NONE = 1;
const ROUNDS = 12;
const MORE_ROOM = 14;

/** A space-time diagram in which no label covers an arrow, a lane or another label. */
export class Diagram {
  /** @type {Lane[]} */
  lanes = [];
  /** @type {Arrow[]} */
  arrows = [];
  /** @type {Label[]} */
  labels = [];
  /** @type {Gate[]} */
  gates = [];
  /** @type {GaveUp[]} */
  gaveUps = [];
  /** @type {Array<{top: number, bottom: number, from: number, to: number}>} */
  folds = [];
  descent = new Descent([], TOP);
  #input;
  /** @type {Map<number, number>} how much more room a message needs above it */
  #more = new Map();

  /** @param {DiagramInput} input */
  constructor(input) {
    this.#input = input;
    this.sent = input.messages;
    const names = input.lanes;
    const ways = Math.max(1, names.length - 1);
    this.width = Math.max(input.width, TIMES + 2 * LANE_MARGIN + ways * NEAREST_LANES);
    const [left, right] = [TIMES + LANE_MARGIN, this.width - LANE_MARGIN];
    this.lanes = names.map((service, at) => ({ service, x: left + (at * (right - left)) / ways }));
    let stuck = this.#layOut();
    for (let round = 0; stuck.length && round < ROUNDS; round++) {
      for (const at of stuck) this.#more.set(at, (this.#more.get(at) ?? 0) + MORE_ROOM);
      stuck = this.#layOut();
    }
    if (this.height > input.height) this.#layOut({ perDecade: NEARLY_NONE });
    else {
      const natural = Math.max(1, this.descent.bottom - TOP);
      this.#layOut({ stretch: Math.min(MOST_STRETCH, (input.height - TOP - BOTTOM) / natural) });
    }
    /** How many messages have no label, since there is no free room for it. */
    this.crowded = stuck.length;
  }

  /** @returns {number} */
  get height() {
    return this.descent.bottom + BOTTOM;
  }

  /**
   * @param {string} service
   * @returns {number | undefined} undefined of one that has no lane
   */
  laneX(service) {
    return this.lanes.find((each) => each.service === service)?.x;
  }

  /**
   * @param {{stretch?: number, perDecade?: number}} [ways]
   * @returns {number[]} the messages whose label found no room
   */
  #layOut(ways = {}) {
    const { messages, faults, folds, first, last } = this.#input;
    const stops = {
      first: stop(first, -1, 0, 4),
      last: stop(last, 9, 6, 0),
      faults: faults.map(({ from }) => stop(Math.max(from, first), 0, 2, TEXT + 4)),
      folds: folds.map(({ from, to }) => [stop(from, 6, 8, 26), stop(to, 1, 0, 6)]),
      sent: messages.map(({ sent }, at) => stop(sent, 3, TEXT + 4 + (this.#more.get(at) ?? 0), 4)),
      tips: messages.map(({ sent, received }) =>
        received !== null && received > sent ? stop(received, 2, SLANT, 4) : stop(sent, 3, SLANT, 4)
      ),
      gaveUp: messages.map(({ gaveUp }) => gaveUp === null ? null : stop(gaveUp, 4, TEXT + 4, 4)),
    };
    // A message's tip comes after its beginning, also at one moment.
    const drawn = messages.flatMap((_, at) => [stops.sent[at], stops.tips[at], stops.gaveUp[at]]);
    const all = [stops.first, ...stops.faults, ...stops.folds.flat(), ...drawn, stops.last];
    this.descent = new Descent(
      all.filter((each) => each !== null && each !== undefined),
      TOP,
      ways,
    );
    const y = (/** @type {Stop | null | undefined} */ of) => of?.y ?? 0;
    this.folds = stops.folds.map(([from, to], at) => ({
      top: y(from),
      bottom: y(to),
      from: folds[at]?.from ?? 0,
      to: folds[at]?.to ?? 0,
    }));
    this.arrows = messages.flatMap((sent, at) =>
      this.#arrow(sent, y(stops.sent[at]), y(stops.tips[at]))
    );
    this.gaveUps = messages.flatMap((sent, at) =>
      stops.gaveUp[at] ? this.#gaveUp(sent, at, y(stops.gaveUp[at])) : []
    );
    this.gates = faults.flatMap((fault, at) => this.#gate(fault, y(stops.faults[at])));
    return this.#label();
  }

  /**
   * @param {Sent} sent
   * @param {number} y1
   * @param {number} y2
   * @returns {Arrow[]} none between sides that have no way between them
   */
  #arrow(sent, y1, y2) {
    const [from, to] = [this.laneX(sent.message.from), this.laneX(sent.message.to)];
    if (from === undefined || to === undefined || from === to) return [];
    const direction = Math.sign(to - from);
    const end = endOf(sent.message);
    const [x1, whole] = [from + direction * 6, to - direction * LANE_HALF];
    const reach = REACH[end];
    const x2 = end === "refused" ? from + direction * (GATE.to + 8) : x1 + (whole - x1) * reach;
    const tip = y1 + Math.max(SLANT, y2 - y1) * (end === "refused" ? 0.2 : reach);
    return [{ sent, end, direction, x1, y1, x2, y2: tip }];
  }

  /**
   * @param {Sent} sent
   * @param {number} of
   * @param {number} y
   * @returns {GaveUp[]}
   */
  #gaveUp({ message }, of, y) {
    const waits = message.kind === "response" ? message.to : message.from;
    const waitsFor = message.kind === "response" ? message.from : message.to;
    const [x, other] = [this.laneX(waits), this.laneX(waitsFor)];
    if (x === undefined || other === undefined || x === other) return [];
    return [{ x, y, of, reach: other - Math.sign(other - x) * (AROUND_LANE + 4) }];
  }

  /**
   * The gate of a link at its sender; around the lane, where the fault is of a whole service.
   * @param {Fault} fault
   * @param {number} top
   * @returns {Gate[]}
   */
  #gate(fault, top) {
    const ends = fault.target.split("->");
    const [from = "", to] = fault.back ? ends.reverse() : ends;
    const x = this.laneX(from);
    const other = to === undefined ? x : this.laneX(to);
    const bottom = Math.max(top + TEXT, this.descent.y(Math.min(fault.to, this.#input.last)));
    if (x === undefined || other === undefined) return [];
    const direction = Math.sign(other - x);
    const [one, two] = direction
      ? [x + direction * GATE.from, x + direction * GATE.to]
      : [x - AROUND_LANE, x + AROUND_LANE];
    return [{ fault, direction, top, bottom, left: Math.min(one, two), right: Math.max(one, two) }];
  }

  /** @returns {number[]} the messages whose label found no room */
  #label() {
    const room = new Room();
    const { bottom } = this.descent;
    room.take({ left: 0, right: TIMES - 4, top: 0, bottom });
    for (const { x } of this.lanes) {
      room.take({ left: x - LANE_HALF, right: x + LANE_HALF, top: 0, bottom: bottom + BOTTOM });
    }
    for (const { x1, y1, x2, y2 } of this.arrows) room.draw({ x1, y1, x2, y2 });
    for (const { x, y, reach } of this.gaveUps) room.draw({ x1: x, y1: y, x2: reach, y2: y });
    for (const gate of this.gates) room.take(gate);
    this.labels = [];
    /** @type {Set<number>} */
    const stuck = new Set();
    for (const gate of this.gates) {
      this.#place(room, gate.fault.texts, `fault ${gate.fault.tone}`, -1, besideGate(gate));
    }
    this.#input.folds.forEach(({ texts }, at) => {
      const fold = this.folds[at];
      if (!fold) return;
      const y = (fold.top + fold.bottom - TEXT) / 2;
      this.#place(
        room,
        texts,
        "silence",
        -1,
        (width) => this.#ways().map((x) => ({ left: x - width / 2, top: y })),
      );
    });
    this.#input.messages.forEach((sent, at) => {
      const gaveUp = this.gaveUps.find(({ of }) => of === at);
      if (gaveUp && !this.#place(room, sent.gaveUpTexts, "gave-up", at, besideWait(gaveUp))) {
        stuck.add(at);
      }
      const arrow = this.arrows.find((each) => each.sent === sent);
      if (!arrow) return;
      const placed = this.#place(
        room,
        sent.texts,
        "of-message",
        at,
        (width) => alongArrow(arrow, width, this.#ways()),
      );
      if (!placed) stuck.add(at);
    });
    return [...stuck];
  }

  /** @returns {number[]} the middles of the ways between neighbouring lanes */
  #ways() {
    return this.lanes.slice(1).map(({ x }, at) => (x + (this.lanes[at]?.x ?? 0)) / 2);
  }

  /**
   * @param {Room} room
   * @param {string[]} texts
   * @param {string} kind
   * @param {number} of
   * @param {(width: number) => Array<{left: number, top: number}>} places the best first
   * @returns {boolean} whether there was room
   */
  #place(room, texts, kind, of, places) {
    for (const text of shortened(texts)) {
      const width = this.#input.measure(text);
      for (const { left, top } of places(width)) {
        const box = { left, top, right: left + width, bottom: top + TEXT };
        if (left < 0 || box.right > this.width || !room.isFree(box)) continue;
        room.take(box);
        this.labels.push({ ...box, text, kind, of });
        return true;
      }
    }
    return false;
  }
}

/**
 * @param {number} at
 * @param {number} rank
 * @param {number} above
 * @param {number} below
 * @returns {Stop}
 */
function stop(at, rank, above, below) {
  return { at, rank, above, below };
}
