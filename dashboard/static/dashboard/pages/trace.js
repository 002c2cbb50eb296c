import { byId } from "../base/dom.js";
import { Feed } from "../wire/feed.js";
import { start } from "./shared.js";
import "../elements/lab_trace.js";

const trace = /** @type {import("../elements/lab_trace.js").LabTrace} */ (byId("trace"));
const help = /** @type {HTMLDialogElement} */ (byId("help"));
const feed = new Feed();

addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement &&
    event.target.matches("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") help.showModal();
  else if (event.key === "/") trace.find();
  else if (/^[1-5]$/.test(event.key)) trace.view(Number(event.key) - 1);
  else return;
  event.preventDefault();
});
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  const current = trace.getAttribute("trace-id");
  if ([...spans, ...logs].some((record) => record.traceId === current)) trace.refresh();
});
feed.addEventListener("hello", () => trace.refresh());
start(feed);
