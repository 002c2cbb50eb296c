import { endOf } from "./message.js";

/**
 * @typedef {import("./diagram.js").Diagram} Diagram
 * @typedef {import("./diagram.js").Arrow} Arrow
 * @typedef {import("./diagram.js").Label} Label
 * @typedef {import("./diagram.js").GaveUp} GaveUp
 * @typedef {import("./diagram.js").Gate} Gate
 * @typedef {import("./message.js").Message} Message
 *
 * @typedef {object} Drawn What of a diagram is drawn.
 * @property {Arrow[]} arrows
 * @property {Label[]} labels
 * @property {Gate[]} gates
 * @property {GaveUp[]} gaveUps
 * @property {Diagram["folds"]} folds
 * @property {Diagram["sent"]} sent
 */

const LEAST_PART = 0.12;

/**
 * What of a diagram had happened by a moment: a message that is under way is drawn as far as it may
 * have come, which no record shows. Everything stays where the whole diagram has it.
 * @param {Diagram} diagram of the whole trace
 * @param {number} at
 * @param {Message[]} messages as they were known then
 * @returns {Drawn}
 */
export function drawnAt(diagram, at, messages) {
  const known = new Map(messages.map((each) => [each.id, each]));
  const down = diagram.descent.y(at);
  const sent = diagram.sent.map((each) => ({
    ...each,
    message: known.get(each.message.id) ?? each.message,
  }));
  const arrows = diagram.arrows.flatMap((arrow) => {
    const of = diagram.sent.indexOf(arrow.sent);
    const then = sent[of];
    if (!then || then.sent > at || !known.has(then.message.id)) return [];
    const end = endOf(then.message);
    if (end === arrow.end) return [{ ...arrow, sent: then }];
    return end === "unknown" ? [underWay(arrow, then, down)] : [{ ...arrow, sent: then, end }];
  });
  const bySent = new Map(arrows.map((arrow) => [sent.indexOf(arrow.sent), arrow]));
  const waited = (/** @type {{of: number}} */ { of }) => (diagram.sent[of]?.gaveUp ?? at) <= at;
  return {
    sent,
    arrows,
    gaveUps: diagram.gaveUps.filter(waited),
    gates: diagram.gates.filter(({ fault }) => fault.from <= at)
      .map((gate) => ({ ...gate, bottom: Math.min(gate.bottom, Math.max(gate.top, down)) })),
    folds: diagram.folds.filter(({ from }) => from < at)
      .map((fold) => ({
        ...fold,
        to: Math.min(fold.to, at),
        bottom: Math.min(fold.bottom, down),
      })),
    labels: diagram.labels.flatMap((label) => {
      if (label.of < 0) return label.bottom <= down ? [label] : [];
      if (label.kind === "gave-up") return waited(label) ? [label] : [];
      const arrow = bySent.get(label.of);
      const before = diagram.arrows.find((each) => each.sent === diagram.sent[label.of]);
      if (!arrow || !before) return [];
      return arrow.end === before.end ? [label] : named(label, arrow.sent.message.label);
    }),
  };
}

/**
 * @param {Arrow} arrow
 * @param {import("./diagram.js").Sent} sent
 * @param {number} down
 * @returns {Arrow}
 */
function underWay(arrow, sent, down) {
  const { x1, x2, y1, y2 } = arrow;
  const part = Math.min(1, Math.max(LEAST_PART, (down - y1) / Math.max(1, y2 - y1)));
  return {
    ...arrow,
    sent,
    end: "under-way",
    x2: x1 + (x2 - x1) * part,
    y2: y1 + (y2 - y1) * part,
  };
}

/**
 * What a message is, without what became of it later, where there is room for that.
 * @param {Label} label
 * @param {string} name
 * @returns {Label[]}
 */
function named(label, name) {
  const names = [name, name.split("/").at(-1) ?? name];
  const text = names.find((each) => each.length <= label.text.length);
  return text ? [{ ...label, text }] : [];
}
