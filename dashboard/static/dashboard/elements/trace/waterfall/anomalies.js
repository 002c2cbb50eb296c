import { build, button } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { dateAndTime, duration, exactTime } from "../../../base/time.js";
import { anomalies, gaps } from "../../../model/trace/oddities/anomalies.js";
import { shownName } from "../../../model/trace/span.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 * @typedef {(key: string) => void} Select
 */

const DAY_NS = 86_400e9;
/** OpenTelemetry is younger. */
const EARLIEST_MS = Date.UTC(2015, 0, 1);
const LONGEST_NAME = 60;

/**
 * Describes what is odd about a trace, with the spans of which it is said.
 * @param {Layout} layout
 * @param {bigint | null} base from when its times count, in nanoseconds since the epoch
 * @param {import("../../../model/trace/messages/message.js").Known} known
 * @param {Select} select goes to a span
 * @returns {HTMLElement[]} a line each
 */
export function anomalyNotes(layout, base, { isOrder, lanes }, select) {
  const { listed, logs } = layout;
  // An order's evidence tells itself who went on alone and when nothing happened; until there is any,
  // the trace may be an order's.
  const explained = isOrder || !lanes.length;
  const odd = anomalies(listed).filter(({ code }) => !explained || code !== "outlives");
  const texts = {
    circular: gettext(
      "%(spans)s: the parents lead back to the span itself. It is drawn as a root.",
    ),
    selfParent: gettext("%(spans)s: names itself as its parent. It is drawn as a root."),
    orphan: gettext("%(spans)s: the parent is not among the records."),
    shared: gettext("%(spans)s: another span has the same span id. Both are drawn."),
    backwards: gettext("%(spans)s: the end lies before the start. It is drawn without length."),
    early: gettext("%(spans)s: starts before the span that began it."),
    startUnknown: gettext("%(spans)s: has no start on record."),
    abandoned: gettext("%(spans)s: never ended, its process is gone."),
    outlives: gettext("%(spans)s: ends after its parent."),
  };
  return [
    ...ofWhole(layout, base),
    ...(explained ? [] : gaps(listed, logs)).map((gap) => {
      const ends = [gap.before, gap.after].flatMap((row) => row ?? []);
      const text = ends.length === 2
        ? gettext("For %(time)s nothing is on record, from %(from)s on: between %(spans)s.")
        : gettext("For %(time)s nothing is on record, from %(from)s on.");
      const time = duration((gap.to - gap.from) / 1e6);
      const from = exactTime((gap.from - layout.first) / 1e6);
      const named = ends.length === 2 ? ends : [];
      return note(interpolate(text, { time, from, spans: "%(spans)s" }), named, 0, select);
    }),
    ...odd.map(({ code, rows, more }) => note(texts[code], rows, more, select)),
  ];
}

/**
 * @param {Layout} layout
 * @param {bigint | null} base
 * @returns {HTMLElement[]}
 */
function ofWhole({ listed, tree, logs, first, last }, base) {
  const { next } = tree.data;
  let roots = 0;
  for (let row = 0; row < next.length; row = next[row] ?? Infinity) roots += 1;
  const beginsMs = base === null ? Date.now() : Number(base / 1_000_000n) + first / 1e6;
  const time = dateAndTime(new Date(Math.min(beginsMs, 8.64e15)).toISOString());
  const many = gettext("%(count)s root spans (parents not recorded).");
  const says = (/** @type {boolean} */ holds, /** @type {string} */ text) =>
    holds ? [build("li", {}, text)] : [];
  return [
    ...says(
      !listed.length && logs.length > 0,
      gettext("No span of this trace is on record, log records alone."),
    ),
    ...says(
      beginsMs > Date.now() + DAY_NS / 1e6,
      interpolate(gettext("It begins in the future: %(time)s."), { time }),
    ),
    ...says(
      beginsMs < EARLIEST_MS,
      interpolate(gettext("It begins long ago: %(time)s."), { time }),
    ),
    ...says(
      last - first > DAY_NS,
      interpolate(gettext("It lasts for more than a day: %(time)s."), {
        time: duration((last - first) / 1e6),
      }),
    ),
    ...says(roots > 1, interpolate(many, { count: roots })),
  ];
}

/**
 * @param {string} text in which `%(spans)s` stands for them
 * @param {Row[]} rows
 * @param {number} more how many others there are
 * @param {Select} select
 * @returns {HTMLElement}
 */
function note(text, rows, more, select) {
  const [before = "", after = ""] = text.split("%(spans)s");
  const named = rows.flatMap(({ span }, at) => {
    const name = `${span.service} · ${shownName(span) || gettext("(no name)")}`;
    const cut = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const link = button("", () => select(span.key), { class: "link" });
    link.append(build("bdi", {}, cut));
    return at ? [", ", link] : [link];
  });
  const others = more ? [" ", ngettext("and %s more", "and %s more", more)] : [];
  return build("li", {}, before, ...named, ...others, after);
}
