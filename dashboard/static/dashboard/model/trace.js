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
 * @typedef {object} Row One span of a trace, where it stands.
 * @property {WireSpan} span
 * @property {bigint} start
 * @property {bigint} end of an open span: the end of the trace
 * @property {number} depth
 * @property {boolean} orphan whether the parent that it names is missing
 * @property {boolean} outlives whether it ends after its parent
 */

/**
 * Puts spans into the order of a tree: parents first, children by their start. What is reported is
 * distrusted: a parent may be missing, or be its own descendant, and every span is shown once.
 * @param {WireSpan[]} spans
 * @param {bigint} last the end of the trace
 * @returns {Row[]}
 */
export function rows(spans, last) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  /** @type {Map<string, WireSpan[]>} */
  const children = new Map();
  /** @type {WireSpan[]} */
  const roots = [];
  for (const span of byId.values()) {
    const parent = span.parentSpanId;
    if (parent && byId.has(parent) && parent !== span.spanId) {
      children.set(parent, [...(children.get(parent) ?? []), span]);
    } else roots.push(span);
  }
  /** @type {Row[]} */
  const listed = [];
  const seen = new Set();
  const visit = (/** @type {WireSpan} */ first) => {
    /** @type {Array<{span: WireSpan, depth: number, parentEnd: bigint | null}>} */
    const waiting = [{ span: first, depth: 0, parentEnd: null }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { span, depth, parentEnd } = next;
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      const end = span.endTimeUnixNano === null ? last : BigInt(span.endTimeUnixNano);
      listed.push({
        span,
        start: BigInt(span.startTimeUnixNano),
        end,
        depth,
        orphan: depth === 0 && span.parentSpanId !== null,
        outlives: parentEnd !== null && end > parentEnd,
      });
      const below = [...(children.get(span.spanId) ?? [])].sort(byStart).reverse();
      for (const child of below) waiting.push({ span: child, depth: depth + 1, parentEnd: end });
    }
  };
  roots.sort(byStart).forEach(visit);
  // What is left stands in a circle of parents: it is entered where it starts first.
  [...byId.values()].sort(byStart).forEach(visit);
  return listed;
}

/**
 * @param {WireSpan} a
 * @param {WireSpan} b
 * @returns {number}
 */
function byStart(a, b) {
  const [first, second] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/**
 * The first and the last moment of what is known of a trace.
 * @param {WireSpan[]} spans
 * @param {Array<{timeUnixNano: string}>} logs
 * @returns {{first: bigint, last: bigint}}
 */
export function extent(spans, logs) {
  const moments = [
    ...spans.flatMap((
      span,
    ) => [span.startTimeUnixNano, span.endTimeUnixNano ?? span.startTimeUnixNano]),
    ...logs.map((log) => log.timeUnixNano),
  ].map(BigInt);
  let [first, last] = [moments[0] ?? 0n, moments[0] ?? 0n];
  for (const moment of moments) {
    if (moment < first) first = moment;
    if (moment > last) last = moment;
  }
  return { first, last };
}
