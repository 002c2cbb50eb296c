/**
 * @template {{tags: string[]}} E
 * @param {E[]} experiments
 * @returns {Array<{tag: string, members: E[]}>} by first tag, the source material's first, then in
 *   the order of appearance
 */
export function grouped(experiments) {
  /** @type {Map<string, E[]>} */
  const groups = new Map([["source-material", []]]);
  for (const each of experiments) {
    const tag = each.tags[0] ?? "";
    const members = groups.get(tag) ?? [];
    members.push(each);
    groups.set(tag, members);
  }
  return [...groups].filter(([, members]) => members.length).map(([tag, members]) => ({
    tag,
    members,
  }));
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
 * @returns {number | null} milliseconds; null while it goes on
 */
export function tookMs(run) {
  return run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);
}
