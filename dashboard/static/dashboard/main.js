import { build, byId } from "./base/dom.js";
import { gettext } from "./base/i18n.js";
import { duration, place } from "./base/time.js";

const LINKS = ["client-to-api", "api-to-worker", "worker-to-api"];
const MAX_LOG_LINES = 300;
const SVG = "http://www.w3.org/2000/svg";

/** @type {{clientUrl: string, orderId: string}} */
const config = JSON.parse(byId("lab-config").textContent ?? "{}");
/** @type {Array<{id: string, target: string, kind: string, words: string}>} */
let faults = [];
let chosen = "";
let cursor = "";
let retryMs = 250;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let refreshing;

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(body?.error ?? `HTTP ${answer.status}`);
  return body;
}

/** @returns {Promise<void>} */
async function placeOrder() {
  try {
    const url = new URL(config.clientUrl);
    url.hostname = location.hostname;
    await fetch(new URL("/orders", url), { method: "POST" });
  } catch {
    say(gettext("The order got no answer: the client cannot know whether it arrived."));
  }
}

/**
 * @param {string} target
 * @param {string} kind
 * @returns {Promise<void>}
 */
async function toggle(target, kind) {
  const set = faults.find((fault) => fault.target === target && fault.kind === kind);
  try {
    if (set) await ask(`/api/faults/${set.id}`, { method: "DELETE" });
    else {
      const body = JSON.stringify({ target, kind, setBy: "page" });
      await ask("/api/faults", { method: "POST", body });
    }
  } catch (error) {
    say(String(error));
  }
  await showFaults((await ask("/api/faults")).faults);
}

/**
 * @param {typeof faults} listed
 * @returns {void}
 */
function showFaults(listed) {
  faults = listed;
  const rows = [...LINKS, "worker"].map((target) => {
    const kinds = target === "worker" ? ["slow", "crash", "pause"] : ["cut", "slow"];
    const buttons = kinds.map((kind) => {
      const on = faults.some((fault) => fault.target === target && fault.kind === kind);
      const button = build("button", { type: "button", "aria-pressed": String(on) }, gettext(kind));
      button.setAttribute("aria-label", `${target}: ${gettext(kind)}`);
      button.addEventListener("click", () => toggle(target, kind));
      return button;
    });
    return build("li", {}, build("span", {}, target), ...buttons);
  });
  byId("switches").replaceChildren(...rows);
  const words = faults.map((fault) => build("li", {}, fault.words));
  byId("faults").replaceChildren(
    ...(words.length ? words : [build("li", { class: "quiet" }, gettext("None"))]),
  );
}

/** @returns {Promise<void>} */
async function showOrders() {
  const { traces } = await ask("/api/traces?limit=50");
  const rows = traces.filter((/** @type {any} */ trace) => trace.orderId).map(
    (/** @type {any} */ trace) => {
      const button = build("button", { type: "button" }, trace.orderId.slice(0, 8));
      button.addEventListener("click", () => choose(trace.traceId, trace.orderId));
      const status = trace.orderStatus ?? "";
      return build(
        "tr",
        {},
        build("td", {}, new Date(trace.startTime).toLocaleTimeString()),
        build("td", {}, button),
        build("td", { class: status }, status),
        build("td", { class: "failed" }, trace.errorKinds.join(", ")),
        build("td", {}, duration(trace.durationMs)),
      );
    },
  );
  byId("orders").replaceChildren(...rows);
  if (config.orderId && !chosen) {
    const found = traces.find((/** @type {any} */ trace) => trace.orderId === config.orderId);
    if (found) chosen = found.traceId;
  }
  if (chosen) await explain();
}

/**
 * @param {string} traceId
 * @param {string} orderId
 * @returns {void}
 */
function choose(traceId, orderId) {
  chosen = traceId;
  history.replaceState(null, "", `/orders/${orderId}`);
  explain();
}

/** @returns {Promise<void>} */
async function explain() {
  const [trace, evidence] = await Promise.all([
    ask(`/api/traces/${chosen}`),
    ask(`/api/traces/${chosen}/evidence`),
  ]);
  const sentences = evidence.diagnosis.sentences.map((/** @type {any} */ sentence) =>
    build("p", {}, sentence.text)
  );
  const times = trace.spans.flatMap((/** @type {any} */ span) => [
    BigInt(span.startTimeUnixNano),
    BigInt(span.endTimeUnixNano ?? span.startTimeUnixNano),
  ]);
  const first = times.reduce((/** @type {bigint} */ a, /** @type {bigint} */ b) => a < b ? a : b);
  const last = times.reduce((/** @type {bigint} */ a, /** @type {bigint} */ b) => a > b ? a : b);
  const bars = trace.spans.map((/** @type {any} */ span) => bar(span, place(span, first, last)));
  byId("explained").replaceChildren(
    build("h3", {}, evidence.diagnosis.headline),
    ...sentences,
    build("div", { class: "bars" }, ...bars),
  );
}

/**
 * @param {any} span
 * @param {{left: number, width: number}} where
 * @returns {HTMLElement}
 */
function bar(span, where) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("x", `${where.left}%`);
  rect.setAttribute("width", `${where.width}%`);
  rect.setAttribute("height", "14");
  rect.setAttribute("rx", "3");
  rect.setAttribute("class", span.status.code === "ERROR" ? "failed" : span.service);
  svg.append(rect);
  const label = `${span.service} · ${span.name}`;
  return build("div", { class: "bar" }, build("span", { title: label }, label), svg);
}

/**
 * @param {any[]} logs
 * @returns {void}
 */
function showLogs(logs) {
  const list = byId("logs");
  const lines = logs.map((log) =>
    build(
      "li",
      { class: log.level },
      `${new Date(Number(BigInt(log.timeUnixNano) / 1000000n)).toLocaleTimeString()} `,
      `${log.level.padEnd(7)} ${log.service.padEnd(6)} ${log.msg}`,
      log.errorKind ? ` (${log.errorKind})` : "",
    )
  );
  list.append(...lines);
  while (list.children.length > MAX_LOG_LINES) list.firstElementChild?.remove();
  list.scrollTop = list.scrollHeight;
}

/**
 * @param {string} text
 * @returns {void}
 */
function say(text) {
  byId("connection").textContent = text;
}

/** @returns {void} */
function connect() {
  const socket = new WebSocket(`ws://${location.host}/ws/live${cursor && `?cursor=${cursor}`}`);
  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === "hello") {
      retryMs = 250;
      say(gettext("Live"));
    }
    if (frame.cursor !== undefined) cursor = String(frame.cursor);
    if (frame.type === "faults") showFaults(frame.faults);
    if (frame.type === "batch") {
      showLogs(frame.logs);
      clearTimeout(refreshing);
      refreshing = setTimeout(showOrders, 80);
    }
  });
  socket.addEventListener("close", () => {
    say(gettext("The observer does not answer; trying again …"));
    setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, 5000);
  });
}

byId("place").addEventListener("click", placeOrder);
byId("place-ten").addEventListener("click", () => {
  for (let count = 0; count < 10; count++) placeOrder();
});
byId("heal").addEventListener("click", async () => {
  await ask("/api/faults", { method: "DELETE" }).catch((error) => say(String(error)));
  showFaults((await ask("/api/faults")).faults);
});
showFaults((await ask("/api/faults")).faults);
showLogs((await ask("/api/logs?limit=100")).logs);
await showOrders();
connect();
