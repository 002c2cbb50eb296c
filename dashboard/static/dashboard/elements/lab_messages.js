import { build, svg } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { duration } from "../base/time.js";
import { Axis, silences } from "../model/axis.js";
import { extent } from "../model/trace.js";

/**
 * @typedef {object} Message
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
 * @typedef {import("../model/trace.js").WireSpan} WireSpan
 */

const WIDTH = 720;
const TOP = 56;
const LEAST_HEIGHT = 260;
const ROOM_OF_A_MESSAGE = 60;
const LANES = ["client", "api", "worker"];
const EDGE = 110;
const TICKS = 7;
const HALFWAY = 0.5;
const LEAST_SLANT = 14;

/** A space-time diagram: a lane for each side, time downwards, messages as slanted arrows. */
export class LabMessages extends HTMLElement {
  /**
   * @param {Message[]} messages
   * @param {WireSpan[]} spans
   * @param {Array<{target: string, kind: string, fromUnixNano: string, toUnixNano: string | null}>} windows
   * @returns {void}
   */
  show(messages, spans, windows) {
    if (!messages.length) {
      this.replaceChildren(
        build("p", { class: "quiet" }, gettext("No message is seen from here.")),
      );
      return;
    }
    const moments = messages.flatMap((each) => [
      each.sentUnixNano,
      each.receivedUnixNano ?? each.sentUnixNano,
      each.gaveUpUnixNano ?? each.sentUnixNano,
    ]).map(BigInt);
    const busy = spans.map((span) => span.startTimeUnixNano).map(BigInt);
    const { first, last } = extent(spans, moments.map((each) => ({ timeUnixNano: String(each) })));
    const axis = new Axis(first, last, silences([...moments, ...busy, first, last]));
    const height = Math.max(LEAST_HEIGHT, messages.length * ROOM_OF_A_MESSAGE);
    const down = (/** @type {string | bigint} */ at) => TOP + axis.place(BigInt(at)) * height;
    const parts = [
      ...windows.map((each) => shade(each, down, last)),
      ...LANES.map((lane) => laneOf(lane, height)),
      ...spans.filter((span) => LANES.includes(span.service)).map((span) =>
        activity(span, down, last)
      ),
      ...axis.ticks(TICKS).map((moment) =>
        svg(
          "text",
          { x: 8, y: down(moment) + 4, class: "tick" },
          duration(Number(moment - axis.first) / 1e6),
        )
      ),
      ...axis.folded.map((each) => {
        const y = (down(each.from) + down(each.to)) / 2;
        return svg("text", { x: 8, y: y + 4, class: "break" }, "//");
      }),
      ...messages.map((each) => arrow(each, down)),
    ];
    const picture = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${TOP + height + 30}`,
      role: "img",
      "aria-label": gettext("Messages between client, API and worker, from top to bottom"),
    }, ...parts);
    this.replaceChildren(
      picture,
      build("ol", { class: "visually-hidden" }, ...messages.map(spoken)),
    );
  }
}

/**
 * @param {string} lane
 * @returns {number}
 */
function across(lane) {
  const at = LANES.indexOf(lane);
  return EDGE + Math.max(0, at) * ((WIDTH - 2 * EDGE) / (LANES.length - 1));
}

/**
 * @param {string} lane
 * @param {number} height
 * @returns {SVGElement}
 */
function laneOf(lane, height) {
  const x = across(lane);
  return svg(
    "g",
    { class: `lane ${lane}` },
    svg("text", { x, y: 24, class: "lane-name" }, lane),
    svg("line", { x1: x, y1: TOP - 18, x2: x, y2: TOP + height + 18 }),
  );
}

/**
 * @param {WireSpan} span
 * @param {(at: string | bigint) => number} down
 * @param {bigint} last
 * @returns {SVGElement}
 */
function activity(span, down, last) {
  const y = down(span.startTimeUnixNano);
  return svg("rect", {
    class: `activity ${span.service}`,
    x: across(span.service) - 5,
    y,
    width: 10,
    height: Math.max(2, down(span.endTimeUnixNano ?? last) - y),
    rx: 3,
  });
}

/**
 * @param {{target: string, fromUnixNano: string, toUnixNano: string | null}} window
 * @param {(at: string | bigint) => number} down
 * @param {bigint} last
 * @returns {SVGElement}
 */
function shade(window, down, last) {
  const [a, b] = window.target.split("-to-");
  const [left, right] = [across(a ?? ""), across(b ?? "")].sort((one, other) => one - other);
  const y = down(window.fromUnixNano);
  return svg("rect", {
    class: "window",
    x: (left ?? 0) + 6,
    y,
    width: Math.max(0, (right ?? 0) - (left ?? 0) - 12),
    height: Math.max(2, down(window.toUnixNano ?? last) - y),
  });
}

/**
 * @param {Message} message
 * @param {(at: string | bigint) => number} down
 * @returns {SVGElement}
 */
function arrow(message, down) {
  const [x1, x2] = [across(message.from), across(message.to)];
  const y1 = down(message.sentUnixNano);
  const arrived = message.receivedUnixNano !== null;
  const y2 = Math.max(down(message.receivedUnixNano ?? message.sentUnixNano), y1 + LEAST_SLANT);
  const reach = arrived ? 1 : HALFWAY;
  const [tipX, tipY] = [x1 + (x2 - x1) * reach, y1 + (y2 - y1) * reach];
  const way = Math.sign(x2 - x1);
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const stop = tipX - way * (arrived ? 7 : 0);
  const parts = [svg("line", { x1: x1 + way * 6, y1, x2: stop, y2: tipY })];
  if (arrived) {
    parts.push(
      svg("path", {
        class: "head",
        d: "M-9 -5L0 0L-9 5",
        transform: `translate(${stop} ${tipY}) rotate(${angle})`,
      }),
    );
  } else if (message.outcome === "unknown") {
    parts.push(svg("text", { x: tipX + way * 10, y: tipY + 6, class: "unknown" }, "?"));
  } else {
    parts.push(svg("path", { class: "cross", d: `M${tipX - 7} ${tipY - 7}l14 14m0 -14l-14 14` }));
  }
  const label = message.errorKind && !arrived
    ? `${message.label} · ${message.errorKind}`
    : message.label;
  // Beside its sender, so that messages that cross do not cross their labels.
  const side = way > 0 ? "rightward" : "leftward";
  parts.push(svg("text", { x: x1 + way * 14, y: y1 - 5, class: `label ${side}` }, label));
  if (message.gaveUpUnixNano !== null) {
    // On the lane of who waited: the one that a response was meant for.
    const waiting = message.kind === "response" ? message.to : message.from;
    const y = down(message.gaveUpUnixNano);
    parts.push(
      svg("path", { class: "gave-up", d: `M${across(waiting) - 9} ${y}h18` }),
      svg("text", { x: across(waiting) + 12, y: y - 5, class: "gave-up-text" }, gettext("gave up")),
    );
  }
  return svg("g", { class: `message ${message.kind} ${message.outcome}` }, ...parts);
}

/**
 * @param {Message} message
 * @returns {HTMLElement}
 */
function spoken(message) {
  return build(
    "li",
    {},
    interpolate(gettext("%(label)s from %(from)s to %(to)s: %(outcome)s"), {
      label: message.label,
      from: message.from,
      to: message.to,
      outcome: message.errorKind ? `${message.outcome}, ${message.errorKind}` : message.outcome,
    }),
  );
}

customElements.define("lab-messages", LabMessages);
