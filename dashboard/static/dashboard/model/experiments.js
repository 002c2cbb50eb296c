/**
 * @template {{question: string}} E
 * @param {E[]} experiments
 * @returns {Array<{question: string, members: E[]}>} in the order of appearance
 */
export function grouped(experiments) {
  /** @type {Map<string, E[]>} */
  const groups = new Map();
  for (const each of experiments) {
    const members = groups.get(each.question) ?? [];
    members.push(each);
    groups.set(each.question, members);
  }
  return [...groups].map(([question, members]) => ({ question, members }));
}

/**
 * @param {string} text of the experiment
 * @param {string} query
 * @returns {boolean} whether the text has every word of the query
 */
export function matches(text, query) {
  const lower = text.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}

/**
 * @template {{name: string}} R
 * @param {R[]} runs the newest first
 * @returns {Map<string, R>} the newest run of each experiment
 */
export function newest(runs) {
  /** @type {Map<string, R>} */
  const found = new Map();
  for (const run of runs) if (!found.has(run.name)) found.set(run.name, run);
  return found;
}

/**
 * @param {{startedAt: string, endedAt: string | null}} run
 * @returns {number | null} milliseconds; null while it is running
 */
export function tookMs(run) {
  return run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);
}
