import { byId } from "/static/dashboard/base/dom.js";
import { listenToKeys } from "/static/dashboard/elements/shared/keys.js";
import { startPage } from "/static/dashboard/elements/shared/masthead.js";
import { Feed } from "/static/dashboard/wire/feed.js";
import "../elements/questions/lab_exercise.js";
import "../elements/prompt/lab_prompt.js";
import "../elements/questions/lab_question.js";
import { refreshTrace } from "../elements/shared/trace_view.js";
import { markRead, showRead } from "./read.js";

const feed = new Feed();
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  refreshTrace([...spans, ...logs]);
});

showRead();
const end = document.querySelector("[data-end]");
if (end instanceof HTMLElement) {
  // A chapter counts as read when its end has been seen.
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) markRead(end.dataset.end ?? "");
  }).observe(end);
}
/** @type {Map<EventTarget | null, boolean>} */
const proved = new Map();
document.addEventListener("proved", (event) => {
  proved.set(event.target, /** @type {CustomEvent} */ (event).detail);
  const right = [...proved.values()].filter(Boolean).length;
  byId("quiz-score").textContent = `${right} / ${document.querySelectorAll("lab-question").length}`;
});
listenToKeys({});
startPage(feed);
