/**
 * @typedef {object} WireSpan A span as the observer sends it.
 * @property {string} spanId
 * @property {string | null} parentSpanId
 * @property {string} name
 * @property {string} kind
 * @property {string} service
 * @property {string} startTimeUnixNano
 * @property {string | null} endTimeUnixNano
 * @property {"open" | "ended" | "abandoned"} state
 * @property {{code: string, message: string}} status
 * @property {string | null} errorKind
 * @property {Record<string, unknown>} attributes
 * @property {Array<{timeUnixNano: string, name: string, attributes: Record<string, unknown>}>} events
 *
 * @typedef {object} Span What is drawn of a span; times are nanoseconds from the trace's base.
 * @property {string} spanId
 * @property {string} parentSpanId empty for a root
 * @property {string} name
 * @property {string} kind
 * @property {string} service
 * @property {number} start
 * @property {number | null} end
 * @property {"open" | "ended" | "abandoned"} state
 * @property {boolean} failed
 * @property {string | null} errorKind
 * @property {Array<{name: string, at: number}>} events
 *
 * @typedef {object} Row One span of a trace, where it stands in the tree.
 * @property {Span} span
 * @property {number} start with the clock of its service moved as asked
 * @property {number} end of an open span: the end of the trace
 * @property {number} depth
 * @property {number} next where the rows below it end
 * @property {boolean} orphan whether the parent that it names is missing
 * @property {boolean} outlives whether it ends after its parent
 * @property {boolean} early whether it starts before its parent
 *
 * @typedef {Readonly<Record<string, number>>} Offsets by how much each service's clock is moved, ns
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
  const byId = new Map();
  for (const span of spans) byId.set(span.spanId, rowOf(span, last, offsets));
  /** @type {Map<string, Row[]>} */
  const children = new Map();
  /** @type {Row[]} */
  const roots = [];
  for (const row of byId.values()) {
    const { parentSpanId, spanId } = row.span;
    if (parentSpanId && parentSpanId !== spanId && byId.has(parentSpanId)) {
      const siblings = children.get(parentSpanId);
      if (siblings) siblings.push(row);
      else children.set(parentSpanId, [row]);
    } else {
      row.orphan = parentSpanId !== "";
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
      const below = children.get(row.span.spanId);
      if (!below) continue;
      below.sort(byStart);
      for (let n = below.length - 1; n >= 0; n--) {
        const child = below[n];
        if (!child || seen.has(child)) continue;
        child.depth = row.depth + 1;
        child.outlives = child.end > row.end;
        child.early = child.start < row.start;
        waiting.push(child);
      }
    }
  };
  roots.sort(byStart).forEach(visit);
  // What is left stands in a circle of parents: it is entered where it starts first.
  if (listed.length < byId.size) [...byId.values()].sort(byStart).forEach(visit);
  return ended(listed);
}

/**
 * Which rows are shown when those below some are folded away.
 * @param {Row[]} listed
 * @param {ReadonlySet<string>} folded span ids
 * @returns {number[]} places in `listed`
 */
export function visible(listed, folded) {
  const shown = [];
  for (let at = 0; at < listed.length;) {
    shown.push(at);
    const row = /** @type {Row} */ (listed[at]);
    at = folded.has(row.span.spanId) ? row.next : at + 1;
  }
  return shown;
}

/**
 * The spans below which nothing leaves their service: folded, each entry into a service stays.
 * @param {Row[]} listed
 * @returns {Set<string>} span ids
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
    if (!leaves[at] && row.next > at + 1) found.add(row.span.spanId);
  }
  return found;
}

/**
 * The places of the spans that have a text in their service, name or error.
 * @param {Row[]} listed
 * @param {string} text
 * @returns {number[]}
 */
export function matching(listed, text) {
  const wanted = text.toLowerCase();
  return listed.flatMap(({ span }, at) =>
    `${span.service} ${span.name} ${span.errorKind ?? ""}`.toLowerCase().includes(wanted)
      ? [at]
      : []
  );
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
 * The first and the last moment of what is known of a trace.
 * @param {Iterable<Span>} spans
 * @param {Iterable<{service: string, at: number}>} logs
 * @param {Offsets} [offsets]
 * @returns {{first: number, last: number}}
 */
export function extent(spans, logs, offsets = {}) {
  let [first, last] = [Infinity, -Infinity];
  for (const span of spans) {
    const moved = offsets[span.service] ?? 0;
    first = Math.min(first, span.start + moved);
    last = Math.max(last, (span.end ?? span.start) + moved);
  }
  for (const log of logs) {
    const at = log.at + (offsets[log.service] ?? 0);
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return first > last ? { first: 0, last: 0 } : { first, last };
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
  return { span, start, end, depth: 0, next: 0, orphan: false, outlives: false, early: false };
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
