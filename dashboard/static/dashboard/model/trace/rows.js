import { MOST_SHARING, parentIn } from "./span.js";

/**
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./span.js").Offsets} Offsets
 *
 * @typedef {object} Row One span of a trace, with its place in the tree.
 * @property {Span} span
 * @property {number} start with the clock of its service moved as chosen
 * @property {number} end of an open span: the end of the trace
 * @property {number} depth
 * @property {number} next where the rows below it end
 * @property {boolean} orphan whether the parent that it names is missing
 * @property {boolean} circular whether its ancestors lead back to it
 * @property {boolean} selfParent whether it names itself as its parent
 * @property {boolean} shared whether another span has its span id
 * @property {boolean} backwards whether its end lies before its start
 * @property {boolean} outlives whether it ends after its parent
 * @property {boolean} early whether it starts before its parent
 */

/**
 * Puts spans into the order of a tree: parents first, children by their start. What is reported is
 * distrusted: a parent may be missing, or be its own descendant, and every span is shown once.
 * @param {Iterable<Span>} spans
 * @param {number} last the end of the trace
 * @param {Offsets} [offsets]
 * @returns {Row[]}
 */
export function rows(spans, last, offsets = {}) {
  /** @type {Map<string, Row>} */
  const byKey = new Map();
  for (const span of spans) byKey.set(span.key, rowOf(span, last, offsets));
  const withId = sharers(byKey);
  /** @type {Map<string, Row[]>} */
  const children = new Map();
  /** @type {Row[]} */
  const roots = [];
  for (const row of byKey.values()) {
    const { parentSpanId, spanId } = row.span;
    row.shared = withId(spanId).length > 1;
    const parent = parentIn(row.span, withId);
    if (parent) {
      const siblings = children.get(parent.key);
      if (siblings) siblings.push(row);
      else children.set(parent.key, [row]);
    } else {
      row.selfParent = parentSpanId !== "" && parentSpanId === spanId;
      row.orphan = parentSpanId !== "" && !row.selfParent;
      roots.push(row);
    }
  }
  /** @type {Row[]} */
  const listed = [];
  /** @type {Set<Row>} */
  const seen = new Set();
  const visit = (/** @type {Row} */ root) => {
    const waiting = [root];
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      if (seen.has(row)) continue;
      seen.add(row);
      listed.push(row);
      const below = children.get(row.span.key);
      if (!below) continue;
      below.sort(byStart);
      for (let n = below.length - 1; n >= 0; n--) {
        const child = below[n];
        if (!child || seen.has(child)) continue;
        child.depth = row.depth + 1;
        child.outlives = child.end > row.end;
        child.early = child.start < row.start && !child.span.startUnknown;
        waiting.push(child);
      }
    }
  };
  roots.sort(byStart).forEach(visit);
  // What is left is in a cycle of parents: it is entered where it starts first.
  if (listed.length < byKey.size) {
    for (const row of [...byKey.values()].sort(byStart)) {
      row.circular = !seen.has(row);
      visit(row);
    }
  }
  return ended(listed);
}

/**
 * Which rows are shown when those below some are folded away.
 * @param {Row[]} listed
 * @param {ReadonlySet<string>} folded keys of spans
 * @returns {number[]} places in `listed`
 */
export function visible(listed, folded) {
  const shown = [];
  for (let at = 0; at < listed.length;) {
    shown.push(at);
    const row = /** @type {Row} */ (listed[at]);
    at = folded.has(row.span.key) ? row.next : at + 1;
  }
  return shown;
}

/**
 * The spans below which nothing leaves their service: folded, each entry into a service stays.
 * @param {Row[]} listed
 * @returns {Set<string>} keys of spans
 */
export function withinServices(listed) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @type {boolean[]} */
  const leaves = new Array(listed.length).fill(false);
  for (let at = listed.length - 1; at >= 0; at--) {
    const row = /** @type {Row} */ (listed[at]);
    leaves[at] = childrenOf(listed, at).some((child) =>
      leaves[child] || listed[child]?.span.service !== row.span.service
    );
    if (!leaves[at] && row.next > at + 1) found.add(row.span.key);
  }
  return found;
}

/**
 * The places of those directly below a row.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number[]}
 */
export function childrenOf(listed, at) {
  const found = [];
  const end = listed[at]?.next ?? 0;
  for (let child = at + 1; child < end; child = listed[child]?.next ?? end) found.push(child);
  return found;
}

/**
 * Where the row above a row in the tree is.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number | null} null for a root
 */
export function parentOf(listed, at) {
  const depth = listed[at]?.depth ?? 0;
  for (let above = at - 1; above >= 0; above--) {
    if ((listed[above]?.depth ?? 0) < depth) return above;
  }
  return null;
}

/**
 * Where all rows above a row in the tree are, the nearest first.
 * @param {Row[]} listed
 * @param {number} at
 * @returns {number[]}
 */
export function ancestorsOf(listed, at) {
  const found = [];
  for (let above = parentOf(listed, at); above !== null; above = parentOf(listed, above)) {
    found.push(above);
  }
  return found;
}

/**
 * @param {Span} span
 * @param {number} last
 * @param {Offsets} offsets
 * @returns {Row}
 */
function rowOf(span, last, offsets) {
  const moved = offsets[span.service] ?? 0;
  const start = span.start + moved;
  // A clock that was set back while the span ran must not turn its bar round.
  const end = Math.max(start, span.end === null ? last : span.end + moved);
  return {
    span,
    start,
    end,
    depth: 0,
    next: 0,
    orphan: false,
    circular: false,
    selfParent: false,
    shared: false,
    backwards: span.end !== null && span.end < span.start,
    outlives: false,
    early: false,
  };
}

/**
 * @param {Map<string, Row>} byKey
 * @returns {(spanId: string) => readonly Span[]} the spans of an id; a key that is no id is shared
 */
function sharers(byKey) {
  /** @type {Map<string, Span[]>} */
  const several = new Map();
  for (const { span } of byKey.values()) {
    if (span.key === span.spanId) continue;
    const first = byKey.get(span.spanId);
    const known = several.get(span.spanId) ?? (first ? [first.span] : []);
    if (known.length < MOST_SHARING) known.push(span);
    several.set(span.spanId, known);
  }
  return (spanId) => {
    const one = byKey.get(spanId);
    return several.get(spanId) ?? (one ? [one.span] : []);
  };
}

/**
 * Notes of each row where those below it end.
 * @param {Row[]} listed
 * @returns {Row[]}
 */
function ended(listed) {
  /** @type {number[]} */
  const after = [];
  for (let at = listed.length - 1; at >= 0; at--) {
    const row = /** @type {Row} */ (listed[at]);
    while (after.length && (listed[after.at(-1) ?? 0]?.depth ?? 0) > row.depth) after.pop();
    row.next = after.at(-1) ?? listed.length;
    after.push(at);
  }
  return listed;
}

/**
 * @param {Row} a
 * @param {Row} b
 * @returns {number}
 */
function byStart(a, b) {
  return a.start - b.start;
}
