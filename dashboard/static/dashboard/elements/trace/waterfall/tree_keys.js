import { rowAfterKey } from "../../../model/trace/row_geometry.js";
import { parentOf } from "../../../model/trace/rows.js";

/**
 * @typedef {object} Tree The rows of a trace.
 * @property {number} active a place in `visible`
 * @property {number} page how many rows a page has
 * @property {number[]} visible places in `listed`
 * @property {import("../../../model/trace/rows.js").Row[]} listed
 * @property {import("../../../model/trace/view_state.js").ViewState} view
 * @property {(index: number) => void} activate
 */

/**
 * Moves among the rows by a key, folds, opens and zooms.
 * @param {string} pressed
 * @param {Tree} tree
 * @returns {boolean} whether the key means something here
 */
export function treeKey(pressed, { active, page, visible, listed, view, activate }) {
  const at = visible[active] ?? -1;
  const row = listed[at];
  const target = rowAfterKey(pressed, active, { count: visible.length, page });
  if (target !== undefined) activate(target);
  if (target !== undefined || !row) return target !== undefined;
  const { key } = row.span;
  const { folded, zoom } = view.state;
  const hasChildren = row.next > at + 1;
  if (pressed === "ArrowLeft" && hasChildren && !folded.has(key)) view.fold(key, true);
  else if (pressed === "ArrowLeft") activate(visible.indexOf(parentOf(listed, at) ?? at));
  else if (pressed === "ArrowRight" && folded.has(key)) view.fold(key, false);
  else if (pressed === "ArrowRight") activate(hasChildren ? active + 1 : active);
  else if (pressed === "Enter") view.toggle(key);
  else if (pressed === "z") view.set({ zoom: { from: row.start, to: row.end } });
  else if (pressed === "Escape" && zoom) view.set({ zoom: null });
  else return false;
  return true;
}
