/**
 * @typedef {"head" | "own" | "library"} Kind
 * @typedef {object} Part Lines of a stack trace that belong together.
 * @property {Kind} kind what was thrown; frames of the application; frames of what it is built on
 * @property {string[]} lines
 * @property {number} frames
 */

const FRAME = /^\s*(?:at\s|File "|\S+\.go:\d+|from \S+:\d+)/;
const LIBRARY = new RegExp(
  "node_modules/|\\bnode:|/usr/local/go/src/|/pkg/mod/|/gems/" +
    "|site-packages/|dist-packages/|/lib/python\\d|<frozen " +
    "|\\bat (?:java|javax|jdk|sun|jakarta|kotlin|scala|System|Microsoft|reactor|io\\.netty" +
    "|org\\.(?:springframework|eclipse|apache))\\.",
);

/**
 * Takes a stack trace apart, as Java, .NET, Node, browsers, Python, Go and Ruby write it.
 * @param {string} text
 * @returns {Part[]} all of its lines, in order
 */
export function stackParts(text) {
  /** @type {Part[]} */
  const parts = [];
  for (const line of text.trimEnd().split("\n")) {
    const isFrame = FRAME.test(line);
    const before = parts.at(-1);
    // What is indented below a frame belongs to it: Python writes the line of code there.
    const follows = !isFrame && /^\s/.test(line) && before && before.kind !== "head";
    const kind = follows ? before.kind : !isFrame ? "head" : LIBRARY.test(line) ? "library" : "own";
    if (before?.kind === kind) before.lines.push(line);
    else parts.push({ kind, lines: [line], frames: 0 });
    if (isFrame) /** @type {Part} */ (parts.at(-1)).frames += 1;
  }
  return parts;
}
