import { build, button } from "../../base/dom.js";
import { gettext } from "../../base/i18n.js";

/** What a trace can be taken away as: a prompt, files, its own page. */
export class TraceExports {
  element = build("p", { class: "row quiet exports" });
  prompt = "";
  #traceId = "";

  /**
   * @param {string} traceId
   * @returns {void}
   */
  show(traceId) {
    if (this.#traceId === traceId) return;
    this.#traceId = traceId;
    const copy = button(gettext("Copy as prompt"), async () => {
      await navigator.clipboard.writeText(this.prompt);
      copy.textContent = gettext("Copied");
    });
    const file = (/** @type {string} */ format, /** @type {string} */ title) =>
      build("a", { href: `/api/traces/${traceId}?format=${format}`, download: "" }, title);
    this.element.replaceChildren(
      copy,
      file("otlp", gettext("OTLP JSON")),
      file("jaeger", gettext("Jaeger JSON")),
      build("a", { href: `/traces/${traceId}` }, gettext("Page of this trace")),
      build("a", { href: `/compare?a=${traceId}` }, gettext("Compare with another trace")),
      build("span", { class: "mono" }, traceId),
    );
  }
}
