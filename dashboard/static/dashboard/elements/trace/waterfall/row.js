import { build, change, write } from "../../../base/dom.js";
import { gettext, interpolate, ngettext } from "../../../base/i18n.js";
import { duration } from "../../../base/time.js";
import { outlived } from "../../../model/trace/calls.js";
import { shownName } from "../../../model/trace/span.js";
import { hue } from "../../../base/palette.js";
import { inSentence } from "../../../model/titles.js";
import { errorText } from "../../shared/error_text.js";
import { serviceTitle } from "../../shared/service_title.js";
import { Bar } from "./bar.js";

/**
 * @typedef {import("../../../model/trace/rows.js").Row} Row
 * @typedef {import("../../../model/trace/axis.js").Axis} Axis
 * @typedef {import("../../../model/trace/layout.js").Layout} Layout
 */

/** From which level on no row begins further to the right. */
const DEEPEST = 12;

/**
 * Draws the row above all others.
 * @param {HTMLElement} time the head of the axis
 * @returns {HTMLElement}
 */
export function buildHead(time) {
  const named = (/** @type {string} */ title) => build("span", { class: "visually-hidden" }, title);
  return build(
    "div",
    { role: "row", class: "row-of head" },
    build("span", { role: "columnheader", class: "label" }, named(gettext("Span"))),
    build("span", { role: "columnheader", class: "cell" }, named(gettext("Time")), time),
    build("span", { role: "columnheader", class: "took" }, named(gettext("Duration"))),
  );
}

/**
 * A row of the waterfall, which shows now this span and now that one: as a list is scrolled, changing
 * what is there takes less than making it anew.
 */
export class WaterfallRow {
  #fold = build("span", { class: "fold", "aria-hidden": "true" });
  #service = build("span", { class: "service" });
  #name = build("span", { class: "name" });
  #below = build("span", { class: "quiet" });
  #error = build("span", { class: "error" });
  #label = build("span", { role: "rowheader", class: "label" });
  #bar = new Bar();
  #took = build("span", { role: "gridcell", class: "took" });
  element = build(
    "div",
    { role: "row" },
    this.#label,
    build("span", { role: "gridcell", class: "cell" }, this.#bar.element),
    this.#took,
  );

  /**
   * Shows one span: its label, its bar, and what happened on it.
   * @param {Layout} layout
   * @param {number} at
   * @param {Axis} axis
   * @param {{folded: boolean, selected: boolean, found: boolean, callee: string, lane: import("./bar.js").Lane}} state
   * @returns {void}
   */
  show(layout, at, axis, { folded, selected, found, callee, lane }) {
    const row = /** @type {Row} */ (layout.listed[at]);
    const { span } = row;
    const { service, failed } = span;
    const below = row.next - at - 1;
    const took = lasted(row);
    const whole = shownName(span) || gettext("(no name)");
    // Whom it calls says as much as the path, in less room.
    const name = callee ? `${span.name || whole} → ${inSentence(serviceTitle(callee))}` : whole;
    const error = failed ? errorText(span.errorKind) : "";
    const after = outlived(layout.listed, at);
    const spoken = [service, name, took, error];
    if (after) {
      const time = duration(after.by / 1e6);
      spoken.push(interpolate(gettext("outlives its caller by %(time)s"), { time }));
    }
    if (folded) spoken.push(ngettext("%s span below", "%s spans below", below));
    change(this.element, {
      class: classes("row-of span", { failed, open: selected, found }),
      "data-span": span.key,
      "aria-level": String(row.depth + 1),
      "aria-selected": String(selected),
      "aria-expanded": below ? String(!folded) : null,
      "aria-label": spoken.filter(Boolean).join(", "),
    });
    change(this.#fold, {
      class: classes("fold", { closed: below > 0 && folded, opened: below > 0 && !folded }),
      "data-fold": below ? "" : null,
    });
    this.#showLabel(row.depth, service, hue(service), name);
    change(this.#name, { title: callee ? whole : name });
    this.#showPart(this.#below, folded ? `+${below}` : "");
    this.#showPart(this.#error, error);
    this.#bar.show(layout, at, axis, lane);
    write(this.#took, took);
  }

  /**
   * Shows what never happened: a call of which its callee has no record.
   * @param {Row} call
   * @param {string} service whom it called
   * @returns {void}
   */
  showUnheard(call, service) {
    const text = interpolate(gettext("%(service)s has no record of this call"), { service });
    change(this.element, {
      class: "row-of unheard",
      "data-span": null,
      "aria-level": String(call.depth + 2),
      "aria-selected": null,
      "aria-expanded": null,
      "aria-label": text,
    });
    change(this.#fold, { class: "fold", "data-fold": null });
    this.#showLabel(call.depth + 1, service, "", gettext("nothing"));
    change(this.#name, { title: null });
    this.#showPart(this.#below, "");
    this.#showPart(this.#error, "");
    this.#bar.showSilence(text);
    write(this.#took, "–");
  }

  /**
   * @param {number} depth
   * @param {string} service
   * @param {string} colour
   * @param {string} name
   * @returns {void}
   */
  #showLabel(depth, service, colour, name) {
    this.#label.style.setProperty("--depth", String(Math.min(depth, DEEPEST)));
    if (!this.#name.parentElement) this.#label.prepend(this.#fold, this.#service, this.#name);
    change(this.#service, { class: colour ? `service ${colour}` : "service" });
    write(this.#service, service);
    write(this.#name, name);
  }

  /**
   * @param {HTMLElement} part of the label, which most rows do not have
   * @param {string} text
   * @returns {void}
   */
  #showPart(part, text) {
    write(part, text);
    if (!text) part.remove();
    else if (part.parentElement !== this.#label) this.#label.append(part);
  }
}

/**
 * @param {string} always
 * @param {Record<string, boolean>} others
 * @returns {string}
 */
function classes(always, others) {
  return [always, ...Object.keys(others).filter((name) => others[name])].join(" ");
}

/**
 * How long a span lasted, in words where no number says it.
 * @param {Pick<Row, "span" | "start" | "end" | "backwards">} row
 * @returns {string}
 */
export function lasted({ span, start, end, backwards }) {
  if (span.state === "abandoned") return gettext("never ended");
  if (span.startUnknown) return gettext("no start");
  if (backwards) return gettext("end < start");
  const length = duration((end - start) / 1e6);
  return span.state === "open" ? `${length} …` : length;
}
