import { byId } from "../base/dom.js";
import { gettext } from "../base/i18n.js";
import { spaced } from "../base/scheduling.js";
import { orderToShow } from "../model/following.js";
import { listenToKeys } from "../elements/shared/keys.js";
import { startPage } from "../elements/shared/masthead.js";
import { fetchJson } from "../wire/api.js";
import { Client } from "../wire/client.js";
import { Feed } from "../wire/feed.js";
import { LiveOrders } from "../wire/live_orders.js";
import "../elements/shared/lab_welcome.js";
import "../elements/defences/lab_defences.js";
import "../elements/experiments/lab_experiments.js";
import "../elements/orders/lab_orders.js";
import "../elements/orders/lab_place.js";
// The last, so that its style goes before those of the elements.
import { Bench } from "./bench.js";

const ORDERS = 50;
/** Of many orders a second not each is shown, which nobody could read. */
const FOLLOW_MS = 500;

/** @type {{clientUrl: string, orderId: string, system: import("../model/system.js").System}} */
const config = JSON.parse(byId("lab-config").textContent ?? "{}");
const { system } = config;

const place = /** @type {import("../elements/orders/lab_place.js").LabPlace} */ (byId("place"));
const orders = /** @type {import("../elements/orders/lab_orders.js").LabOrders} */ (byId("orders"));
const welcome =
  /** @type {import("../elements/shared/lab_welcome.js").LabWelcome} */ (byId("welcome"));
const experiments =
  /** @type {import("../elements/experiments/lab_experiments.js").LabExperiments} */ (byId(
    "experiments",
  ));
const defences =
  /** @type {import("../elements/defences/lab_defences.js").LabDefences} */ (byId("defences"));
const feed = new Feed();
const liveOrders = new LiveOrders(feed, { limit: ORDERS });
const client = new Client(config.clientUrl);
const bench = new Bench(system, feed);
const { log, trace } = bench;

/** The order that is shown, and the one that the reader chose; while that is empty, the newest. */
let shown = config.orderId;
let pinned = config.orderId;
/** @type {import("../model/following.js").Run | null} */
let run = null;
/** @returns {Promise<void>} */
async function showDefences() {
  const listed = (await fetchJson("/api/defences")).defences;
  defences.show(listed);
  client.withKey = listed.some((/** @type {{name: string, on: boolean}} */ each) =>
    each.name === "idempotency_key" && each.on
  );
}

/**
 * Shows the order that is chosen, or else the newest.
 * @returns {Promise<void>}
 */
async function follow() {
  const { listed } = liveOrders;
  shown = orderToShow({ orders: listed.orders, current: shown, pinned, run });
  const newest = listed.orders[0]?.orderId;
  orders.mark(shown, pinned ? "pinned" : run && shown !== newest ? "run" : "");
  welcome.hidden = Boolean(shown) || Boolean(trace.getAttribute("trace-id"));
  trace.hidden = !welcome.hidden;
  const row = listed.orders.find((/** @type {{orderId: string}} */ each) => each.orderId === shown);
  showTrace(row?.traceId ?? (shown ? await traceOf(shown) : null));
  // Until its records come, those of the order before it are left in sight.
  if (shown && !trace.getAttribute("trace-id")) {
    trace.open({ traceId: null, none: gettext("No record of this order has come yet.") });
  }
}

/**
 * @param {string | null} traceId
 * @returns {void}
 */
function showTrace(traceId) {
  if (!traceId) return;
  welcome.hidden = true;
  trace.hidden = false;
  trace.open({ traceId, name: shown.slice(0, 8) });
}

/**
 * @param {string} orderId
 * @returns {Promise<string | null>}
 */
async function traceOf(orderId) {
  const { traces } = await fetchJson(`/api/traces?limit=1&orderId=${encodeURIComponent(orderId)}`);
  return traces[0]?.traceId ?? null;
}

/**
 * Keeps an order in sight, whatever comes after it.
 * @param {{orderId: string, traceId: string | null}} order
 * @returns {Promise<void>}
 */
async function pin({ orderId, traceId }) {
  keep(orderId);
  const found = traceId ?? await traceOf(orderId);
  if (found) showTrace(found);
  else trace.open({ traceId: null, none: gettext("No record of this order is kept.") });
}

/**
 * @param {string} orderId
 * @returns {void}
 */
function keep(orderId) {
  shown = pinned = orderId;
  orders.mark(orderId, "pinned");
  history.pushState(null, "", `/orders/${orderId}`);
}

/**
 * Follows the newest order again.
 * @returns {void}
 */
function unpin() {
  trace.replay.close();
  pinned = "";
  run = null;
  if (location.pathname !== "/") history.pushState(null, "", "/");
  follow().catch(() => {});
}

/** @returns {Promise<void>} */
async function cutFirstLink() {
  await fetchJson("/api/faults", {
    method: "POST",
    body: { target: offered?.name, kind: "cut", setBy: "page" },
  });
}

// The first call between two services is what a newcomer breaks.
const offered = system.links.find((link) => link.from !== "client");

orders.addEventListener("choose", (event) => pin(/** @type {CustomEvent} */ (event).detail));
orders.addEventListener("unpin", unpin);
experiments.addEventListener("choose", (event) => pin(/** @type {CustomEvent} */ (event).detail));
experiments.addEventListener("run", (event) => {
  run = /** @type {CustomEvent} */ (event).detail;
  place.forget();
  follow().catch(() => {});
});
log.stream.addEventListener("choose", (event) => {
  const { orderId, traceId } = /** @type {CustomEvent} */ (event).detail;
  if (orderId) pin({ orderId, traceId });
  else showTrace(traceId);
});
place.addEventListener("placed", (event) => {
  const placed = /** @type {CustomEvent<import("../wire/client.js").Placed>} */ (event).detail;
  // An order that the API does not know of has no row: what the client knows is all there is.
  if (!placed.orderId && !pinned) {
    shown = "";
    showTrace(placed.traceId);
  }
});
bench.trace.addEventListener("moment", (event) => {
  // Whose past is looked at is not replaced by what is new.
  const isPast = /** @type {CustomEvent} */ (event).detail !== null;
  if (isPast && !pinned && shown) keep(shown);
});
welcome.addEventListener("cut", () => cutFirstLink().catch(() => {}));
welcome.addEventListener("place", () => place.place(1));
welcome.addEventListener("example", () => experiments.start());
welcome.addEventListener(
  "run",
  (event) => experiments.start(/** @type {CustomEvent} */ (event).detail),
);
experiments.addEventListener("listed", () => welcome.experiments = experiments.listed);
addEventListener("popstate", () => {
  shown = pinned = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  follow().catch(() => {});
});

const followSoon = spaced(() => follow().catch(() => {}), FOLLOW_MS);
liveOrders.addEventListener("change", () => {
  orders.show(liveOrders.listed);
  followSoon();
});
feed.addEventListener("defences", () => showDefences().catch(() => {}));
feed.addEventListener("run", async (event) => {
  // Fetched, since the feed does not know this page's language.
  const { runId } = /** @type {CustomEvent} */ (event).detail.run;
  const begun = await fetchJson(`/api/runs/${runId}`).catch(() => null);
  if (begun) experiments.show(begun);
});
feed.addEventListener("hello", () => showDefences().catch(() => {}));

welcome.show({ title: bench.titles.get(offered?.name ?? "") ?? "", link: offered });
place.client = client;
listenToKeys({
  ...bench.keys,
  o: () => place.place(1),
  p: unpin,
  j: () => orders.move(1),
  k: () => orders.move(-1),
});
startPage(feed);
await bench.showLog().catch(() => {});
