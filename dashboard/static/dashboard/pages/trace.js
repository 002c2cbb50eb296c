import { byId } from "../base/dom.js";
import { Feed } from "../wire/feed.js";
import { start } from "./shared.js";
import "../elements/lab_trace.js";

const trace = /** @type {import("../elements/lab_trace.js").LabTrace} */ (byId("trace"));
const feed = new Feed();
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  const current = trace.getAttribute("trace-id");
  if ([...spans, ...logs].some((record) => record.traceId === current)) trace.refresh();
});
feed.addEventListener("hello", () => trace.refresh());
start(feed);
