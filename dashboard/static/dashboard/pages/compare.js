import { byId } from "../base/dom.js";
import { Feed } from "../wire/feed.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import "../elements/traces/comparison/lab_compare.js";

const compare =
  /** @type {import("../elements/traces/comparison/lab_compare.js").LabCompare} */ (byId(
    "compare",
  ));

listenToKeys({
  j: () => compare.move(1),
  k: () => compare.move(-1),
  ArrowDown: () => compare.move(1),
  ArrowUp: () => compare.move(-1),
  1: () => compare.open("a"),
  2: () => compare.open("b"),
  d: () => compare.toggleDiffering(),
  "/": () => compare.find(),
});
startPage(new Feed());
