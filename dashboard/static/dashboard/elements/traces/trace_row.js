import { build } from "../../base/dom.js";
import { gettext, labelled, ngettext } from "../../base/i18n.js";
import { briefly, duration, whole } from "../../base/time.js";
import { hue } from "../../base/palette.js";
import { spansByColumn } from "../../model/traces/service_columns.js";
import { logShare } from "../../model/traces/distribution.js";
import { errorText } from "../shared/error_text.js";
import { statusBadge } from "../shared/status_badge.js";

/**
 * @typedef {object} Summary One line of the list.
 * @property {string} traceId
 * @property {string} name
 * @property {string | null} orderId
 * @property {string | null} orderStatus
 * @property {string} startTime
 * @property {string} startTimeUnixNano
 * @property {number} durationMs
 * @property {number} spanCount
 * @property {number} errorCount
 * @property {string[]} errorKinds
 * @property {Array<{name: string, spanCount: number}>} services
 * @property {boolean} open
 */

const ID_DIGITS = 8;
const NARROW = matchMedia("(max-width: 73.75rem)");

/**
 * Builds a trace's line. Its name opens the trace, all of it shows it beside the list where there is
 * room for that, and opens it where there is none.
 * @param {Summary} trace
 * @param {{columns: string[], longest: number, chosen: boolean, choose: (chosen: boolean) => void, look: () => void}} list
 * @returns {HTMLElement}
 */
export function traceRow(trace, { columns, longest, chosen, choose, look }) {
  const id = trace.traceId.slice(0, ID_DIGITS);
  const name = trace.name || (trace.spanCount ? id : `${gettext("log records alone")} · ${id}`);
  const box = /** @type {HTMLInputElement} */ (build("input", {
    type: "checkbox",
    "aria-label": labelled(gettext("Choose"), `${name} ${id}`),
  }));
  box.checked = chosen;
  box.addEventListener("change", () => choose(box.checked));
  const link = build(
    "a",
    { href: `/traces/${trace.traceId}`, "data-trace": trace.traceId, title: name },
    name,
  );
  const row = build(
    "tr",
    trace.errorCount ? { class: "failed" } : {},
    build("td", { class: "choice" }, box),
    build(
      "td",
      { class: "time mono quiet", title: whole(trace.startTimeUnixNano) },
      briefly(trace.startTimeUnixNano),
    ),
    build("td", { class: "name" }, link),
    ...serviceCells(trace, columns),
    build("td", { class: "spans" }, trace.open ? `${trace.spanCount} …` : String(trace.spanCount)),
    build("td", { class: "bar" }, bar(trace, longest)),
    build("td", { class: "took" }, duration(trace.durationMs)),
    build("td", { class: "order" }, ...(trace.orderStatus ? [statusBadge(trace.orderStatus)] : [])),
    build("td", { class: "mono error" }, ...errorsOf(trace)),
  );
  row.addEventListener("click", (event) => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest("a, input, .choice")) return;
    if (NARROW.matches) link.click();
    else link.focus({ preventScroll: true });
  });
  row.addEventListener("focusin", ({ target }) => target === link && look());
  return row;
}

/**
 * The mark of a service: its colour, beside which stands a count or its name.
 * @param {string} service
 * @returns {HTMLElement}
 */
export function serviceMark(service) {
  return build("i", { class: `mark ink ${hue(service)}`, "aria-hidden": "true" });
}

/**
 * @param {Summary} trace
 * @param {string[]} columns
 * @returns {HTMLElement[]}
 */
function serviceCells({ services }, columns) {
  const { counts, others } = spansByColumn(services, columns);
  const cells = columns.map((service, index) => {
    const count = counts[index] ?? null;
    if (count === null) return build("td", { class: "service none" }, "–");
    const title = labelled(service, ngettext("%s span", "%s spans", count));
    const shown = count ? String(count) : gettext("log");
    return build("td", { class: "service", title }, serviceMark(service), shown);
  });
  const more = others.length
    ? build(
      "td",
      { class: "service", title: others.map((each) => each.name).join(", ") },
      `+${others.length}`,
    )
    : build("td", { class: "service" });
  return [...cells, more];
}

/**
 * @param {Summary} trace
 * @param {number} longest milliseconds
 * @returns {HTMLElement}
 */
function bar(trace, longest) {
  const drawn = build("i");
  drawn.style.width = `${100 * logShare(trace.durationMs, longest)}%`;
  return drawn;
}

/**
 * How spans of a trace failed, and how many did.
 * @param {Summary} trace
 * @returns {Array<Node | string>}
 */
function errorsOf({ errorCount, errorKinds }) {
  if (!errorCount) return [errorKinds.join(", ")];
  const kinds = errorKinds.map(errorText).join(", ") || errorText(null);
  return [
    build("span", { class: "badge bad", title: kinds }, kinds),
    build("b", {}, String(errorCount)),
  ];
}
