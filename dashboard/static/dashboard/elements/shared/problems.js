import { build } from "../../base/dom.js";
import { gettext, interpolate, sentences } from "../../base/i18n.js";
import { popover } from "../../base/popover.js";
import { fetchJson } from "../../wire/api.js";

/** @typedef {{service: string, code: string, loop: string, error: string}} Problem */

/**
 * What each loop of a process does, by the name that `/readyz` gives it.
 * @type {Record<string, string>}
 */
const LOOPS = {
  "abandonment": gettext("noticing spans whose process has gone"),
  "changes": gettext("telling the observer what has changed"),
  "control": gettext("answering the observer"),
  "defences": gettext("keeping defences turned on"),
  "end-of-crash": gettext("ending a crash"),
  "end-of-cut": gettext("ending a cut"),
  "link-journal": gettext("sending the links' journal"),
  "end-of-fault": gettext("ending a fault"),
  "end-of-pause": gettext("ending a pause"),
  "faults": gettext("keeping faults in force"),
  "links": gettext("looking for links that others have made"),
  "live-news": gettext("sending news to the pages"),
  "live-orders": gettext("sending changed orders to the pages"),
  "live-page": gettext("sending records to a page"),
  "observed-calls": gettext("finding out who calls whom"),
  "otlp-process": gettext("starting and ending the process that decodes large telemetry"),
  "problems": gettext("asking the processes for problems"),
  "reconciliation": gettext("reconciling orders"),
  "relay-orders.outboxentry": gettext("delivering jobs that wait"),
  "relay-worker.callbackentry": gettext("sending callbacks that wait"),
  "run-follower": gettext("following an experiment"),
  "service-output": gettext("sending what services print to the observer"),
  "service-output-reader": gettext("reading what services print"),
  "storage": gettext("finding out whether orders can be stored"),
  "telemetry-logs": gettext("sending log lines to the observer"),
  "telemetry-spans": gettext("sending spans to the observer"),
  "telemetry-started": gettext("sending open spans to the observer"),
  "telemetry-writer": gettext("storing telemetry"),
  "watch": gettext("keeping the processes running"),
};

/**
 * What was sent by OTLP and refused, and what lets it in.
 * @type {Record<string, string>}
 */
const REFUSED = {
  "otlp_coding": gettext(
    "Telemetry packed as %(error)s was refused: OTEL_EXPORTER_OTLP_COMPRESSION=gzip is understood.",
  ),
  "otlp_grpc_missing": gettext(
    "OTLP/gRPC is not taken in at port %(error)s: the package grpcio is missing. Send http/protobuf to port 4318 (OTEL_EXPORTER_OTLP_PROTOCOL).",
  ),
  "otlp_grpc_port_taken": gettext(
    "OTLP/gRPC is not taken in: another program has port %(error)s. LAB_PORT_OTLP_GRPC sets another, or send http/protobuf to port 4318.",
  ),
  "otlp_grpc_to_http": gettext(
    "OTLP/gRPC was sent to a port of OTLP/HTTP: choose http/protobuf (OTEL_EXPORTER_OTLP_PROTOCOL) or the port of gRPC.",
  ),
  "otlp_host": gettext(
    "Telemetry sent to the host name %(error)s was refused: LAB_ALLOWED_HOSTS lets it in.",
  ),
  "otlp_http_to_grpc": gettext(
    "OTLP/HTTP was sent to the port of OTLP/gRPC: choose port 4318, or grpc (OTEL_EXPORTER_OTLP_PROTOCOL).",
  ),
  "otlp_origin": gettext(
    "Telemetry of a page of %(error)s was refused: LAB_OTLP_ORIGINS lets it in.",
  ),
  "otlp_path": gettext("Telemetry sent to the path %(error)s was refused: it is no signal's."),
  "otlp_tls_to_grpc": gettext(
    "TLS was spoken to the port of OTLP/gRPC, which takes none: an address with http://, or OTEL_EXPORTER_OTLP_INSECURE=true.",
  ),
};

/**
 * Shows on `button` what keeps a process of the lab from its work, for as long as it does; there is
 * room for a part of it, and pressing it shows all.
 * @param {HTMLElement} button
 * @param {import("../../wire/feed.js").Feed} feed
 * @returns {void}
 */
export function watchProblems(button, feed) {
  const panel = popover(button, gettext("What is wrong"));
  document.body.append(panel);
  const show = (/** @type {{problems: Problem[]}} */ { problems }) => {
    const found = problems.map(sentence);
    const text = sentences(found);
    // A text that has not changed is not read out again by a screen reader.
    if (button.textContent === text) return;
    button.textContent = text;
    panel.replaceChildren(...found.map((each) => build("p", {}, each)));
    if (text === "") panel.hidePopover();
  };
  feed.addEventListener("hello", async () => {
    const detail = await fetchJson("/api/problems").catch(() => null);
    if (detail) feed.dispatchEvent(new CustomEvent("problems", { detail }));
  });
  feed.addEventListener("problems", (event) => show(/** @type {CustomEvent} */ (event).detail));
}

/**
 * @param {Problem} problem
 * @returns {string}
 */
function sentence({ service, code, loop, error }) {
  const values = { service, error, work: LOOPS[loop] ?? loop };
  if (REFUSED[code]) return interpolate(REFUSED[code], values);
  if (code === "database") {
    return interpolate(gettext("%(service)s: the database does not answer (%(error)s)."), values);
  }
  if (code === "loop_dead") {
    return interpolate(gettext("%(service)s: %(work)s has ended (%(error)s)."), values);
  }
  return interpolate(gettext("%(service)s: %(work)s fails (%(error)s)."), values);
}
