import { byId } from "/static/dashboard/base/dom.js";
import { coalesced } from "/static/dashboard/base/scheduling.js";
import { listenToKeys } from "/static/dashboard/elements/shared/keys.js";
import { startPage } from "/static/dashboard/elements/shared/masthead.js";
import { Client } from "/static/dashboard/wire/client.js";
import { Feed } from "/static/dashboard/wire/feed.js";
import "../elements/mystery/lab_mystery.js";
import { refreshTrace } from "../elements/shared/trace_view.js";

const SETTLE_MS = 250;

const config = JSON.parse(byId("lab-config").textContent ?? "{}");
const mystery =
  /** @type {import("../elements/mystery/lab_mystery.js").LabMystery} */ (byId("the-mystery"));
const feed = new Feed();
const refresh = coalesced(() => mystery.refresh().catch(() => {}), SETTLE_MS);

mystery.client = new Client(config.clientUrl);
addEventListener("pagehide", () => mystery.left());
feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  refreshTrace([...spans, ...logs]);
  refresh();
});
listenToKeys({});
startPage(feed);
