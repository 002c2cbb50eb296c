import { byId } from "../base/dom.js";
import { mayBelongTo } from "../model/belonging.js";
import { Feed } from "../wire/feed.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import "../elements/trace/lab_trace.js";

const trace = /** @type {import("../elements/trace/lab_trace.js").LabTrace} */ (byId("trace"));
/** @type {{cursor: number}} */
const { cursor } = JSON.parse(byId("lab-config").textContent ?? "{}");
// From where the page's own spans were read: what came since is sent.
const feed = new Feed(cursor);

listenToKeys({
  j: () => trace.enter(),
  k: () => trace.enter(),
  "/": () => trace.find(),
  ",": () => trace.replay.step(-1),
  ".": () => trace.replay.step(1),
  " ": () => trace.replay.play(),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((key) => [key, () => trace.view(key - 1)])),
});
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  const current = trace.getAttribute("trace-id");
  if ([...spans, ...logs].some((record) => mayBelongTo(record, current))) trace.refresh();
});
feed.addEventListener("gap", () => trace.refresh());
startPage(feed);
