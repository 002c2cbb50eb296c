import { byId } from "/static/dashboard/base/dom.js";
import { start } from "/static/dashboard/pages/shared.js";
import { Client } from "/static/dashboard/wire/client.js";
import { Feed } from "/static/dashboard/wire/feed.js";
import "../elements/lab_mystery.js";
import { refreshTrace } from "../elements/the_trace.js";

const SETTLE_MS = 250;

const config = JSON.parse(byId("lab-config").textContent ?? "{}");
const mystery =
  /** @type {import("../elements/lab_mystery.js").LabMystery} */ (byId("the-mystery"));
const feed = new Feed();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

mystery.client = new Client(config.clientUrl);
addEventListener("pagehide", () => mystery.left());
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  refreshTrace([...spans, ...logs]);
  settling ??= setTimeout(() => {
    settling = undefined;
    mystery.refresh().catch(() => {});
  }, SETTLE_MS);
});
start(feed);
