import { byId } from "../base/dom.js";
import { gettext, interpolate } from "../base/i18n.js";
import { start } from "./shared.js";
import { ask } from "../wire/api.js";
import { Client } from "../wire/client.js";
import { Feed } from "../wire/feed.js";
import "../elements/lab_defences.js";
import "../elements/lab_experiments.js";
import "../elements/lab_fault_form.js";
import "../elements/lab_faults.js";
import "../elements/lab_map.js";
import "../elements/lab_orders.js";
import "../elements/lab_place.js";
import "../elements/lab_stream.js";
import "../elements/lab_trace.js";

const SETTLE_MS = 120;
const ORDERS = 50;

/** @type {{clientUrl: string, orderId: string}} */
const config = JSON.parse(byId("lab-config").textContent ?? "{}");

const map = /** @type {import("../elements/lab_map.js").LabMap} */ (byId("map"));
const form =
  /** @type {import("../elements/lab_fault_form.js").LabFaultForm} */ (byId("fault-form"));
const faults = /** @type {import("../elements/lab_faults.js").LabFaults} */ (byId("faults"));
const place = /** @type {import("../elements/lab_place.js").LabPlace} */ (byId("place"));
const orders = /** @type {import("../elements/lab_orders.js").LabOrders} */ (byId("orders"));
const trace = /** @type {import("../elements/lab_trace.js").LabTrace} */ (byId("trace"));
const stream = /** @type {import("../elements/lab_stream.js").LabStream} */ (byId("stream"));
const experiments = /** @type {import("../elements/lab_experiments.js").LabExperiments} */ (byId(
  "experiments",
));
const defences =
  /** @type {import("../elements/lab_defences.js").LabDefences} */ (byId("defences"));
const feed = new Feed();
const client = new Client(config.clientUrl);

let chosenOrder = config.orderId;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

/** @returns {Promise<void>} */
async function showFaults() {
  const told = await ask("/api/faults");
  form.kinds = told.kinds;
  map.show(told.faults, told.kinds);
  faults.show(told.faults, told.hidden);
}

/** @returns {Promise<void>} */
async function showDefences() {
  const listed = (await ask("/api/defences")).defences;
  defences.show(listed);
  client.withKey = listed.some((/** @type {{name: string, on: boolean}} */ each) =>
    each.name === "idempotency_key" && each.on
  );
}

/** @returns {Promise<void>} */
async function showOrders() {
  const listed = await ask(`/api/orders?limit=${ORDERS}`);
  orders.show(listed);
  const shown = listed.orders.find((/** @type {{orderId: string}} */ each) =>
    each.orderId === chosenOrder
  );
  const traceId = shown?.traceId ?? (chosenOrder ? await traceOf(chosenOrder) : null);
  if (traceId && trace.getAttribute("trace-id") !== traceId) {
    trace.setAttribute("trace-id", traceId);
  }
  orders.chosen = chosenOrder;
}

/**
 * @param {string} orderId
 * @returns {Promise<string | null>}
 */
async function traceOf(orderId) {
  const { traces } = await ask(`/api/traces?limit=1&orderId=${encodeURIComponent(orderId)}`);
  return traces[0]?.traceId ?? null;
}

/** @returns {Promise<void>} */
async function showGauge() {
  const stats = await ask("/api/telemetry");
  const lost = Object.values(/** @type {Record<string, number>} */ (stats.droppedByServices))
    .reduce((sum, each) => sum + each, 0);
  byId("gauge").textContent = interpolate(
    gettext(
      "Telemetry: %(spans)s spans and %(logs)s log lines, %(size)s of %(most)s MB; %(lost)s lost.",
    ),
    {
      spans: stats.spans.toLocaleString(),
      logs: stats.logs.toLocaleString(),
      size: (stats.bytes / 1e6).toFixed(1),
      most: Math.round(stats.maxBytes / 1e6),
      lost,
    },
  );
}

/**
 * Shows what has changed, once for everything that comes within a moment.
 * @returns {void}
 */
function settle() {
  settling ??= setTimeout(() => {
    settling = undefined;
    showOrders().catch(() => {});
  }, SETTLE_MS);
}

/**
 * @param {{orderId: string, traceId: string | null}} order
 * @returns {Promise<void>}
 */
async function choose({ orderId, traceId }) {
  chosenOrder = orderId;
  orders.chosen = orderId;
  history.pushState({ orderId }, "", `/orders/${orderId}`);
  const found = traceId ?? await traceOf(orderId);
  if (found) trace.setAttribute("trace-id", found);
}

map.addEventListener("choose", (event) => form.open(/** @type {CustomEvent} */ (event).detail));
orders.addEventListener("choose", (event) => choose(/** @type {CustomEvent} */ (event).detail));
experiments.addEventListener(
  "choose",
  (event) => choose(/** @type {CustomEvent} */ (event).detail),
);
stream.addEventListener("choose", (event) => {
  const { orderId, traceId } = /** @type {CustomEvent} */ (event).detail;
  if (orderId) choose({ orderId, traceId });
  else if (traceId) trace.setAttribute("trace-id", traceId);
});
faults.addEventListener("changed", () => showFaults());
place.addEventListener("placed", (event) => {
  const placed = /** @type {CustomEvent<import("../wire/client.js").Placed>} */ (event).detail;
  settle();
  // An order that the API does not know of has no row: what the client knows is all there is.
  if (!placed.orderId) trace.setAttribute("trace-id", placed.traceId);
  else if (!chosenOrder) choose({ orderId: placed.orderId, traceId: placed.traceId });
});
addEventListener("popstate", () => {
  chosenOrder = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  if (!chosenOrder) trace.removeAttribute("trace-id");
  showOrders().catch(() => {});
});

feed.addEventListener("batch", (event) => {
  const { spans, logs } = /** @type {CustomEvent} */ (event).detail;
  stream.add(logs);
  map.move(spans);
  const current = trace.getAttribute("trace-id");
  if ([...spans, ...logs].some((record) => record.traceId === current)) trace.refresh();
  settle();
});
feed.addEventListener("faults", () => showFaults());
feed.addEventListener("defences", () => showDefences());
feed.addEventListener("run", async (event) => {
  // Asked for again, since the feed does not know this page's language.
  const { runId } = /** @type {CustomEvent} */ (event).detail.run;
  experiments.show(await ask(`/api/runs/${runId}`));
});
feed.addEventListener("hello", () => {
  // What is no record, and so is not resumed by the feed, is asked for again.
  showFaults().catch(() => {});
  showGauge().catch(() => {});
  showDefences().catch(() => {});
  settle();
});

place.client = client;
start(feed);
setInterval(() => showGauge().catch(() => {}), 3000);
stream.add((await ask("/api/logs?limit=200")).logs);
