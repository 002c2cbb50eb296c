import { build, button } from "../../base/dom.js";
import { messageOf } from "../../base/errors.js";
import { gettext, interpolate } from "../../base/i18n.js";
import { fetchJson } from "../../wire/api.js";

/**
 * @typedef {object} AttachedLink
 * @property {string} name
 * @property {string} from
 * @property {string} to
 * @property {string} listen
 * @property {string} upstream
 * @property {boolean} attached
 */

const FIELDS = /** @type {const} */ ([
  ["name", gettext("Name"), "shop-to-db"],
  ["from", gettext("From"), "shop"],
  ["to", gettext("To"), "db"],
  ["listen", gettext("Listen on"), "9201"],
  ["upstream", gettext("Leads to"), "127.0.0.1:5432"],
]);

/**
 * Links between services that run already: those that were attached, and a form for another. What has
 * changed is announced to every page.
 */
export class LabLinks extends HTMLElement {
  #list = build("ul", { class: "attached" });
  #problem = build("p", { class: "problem", role: "alert" });
  #protocol = build(
    "select",
    { name: "protocol", "aria-label": gettext("Protocol") },
    build("option", { value: "" }, gettext("as the other side speaks")),
    build("option", { value: "http" }, "HTTP"),
    build("option", { value: "tcp" }, "TCP"),
  );
  #form = /** @type {HTMLFormElement} */ (build("form"));

  /** @returns {void} */
  connectedCallback() {
    this.#form.replaceChildren(
      ...FIELDS.map(([name, title, example]) =>
        build("label", {}, title, build("input", { name, placeholder: example, required: "" }))
      ),
      build("label", {}, gettext("Protocol"), this.#protocol),
      build("button", { class: "primary" }, gettext("Add link")),
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.replaceChildren(
      build("h2", {}, gettext("Links to what runs already")),
      build(
        "p",
        { class: "quiet" },
        gettext("Let the caller call the link instead of the other side."),
      ),
      this.#list,
      this.#form,
      this.#problem,
    );
  }

  /** @returns {Promise<void>} */
  async show() {
    /** @type {{links: AttachedLink[]}} */
    const { links } = await fetchJson("/api/links");
    this.#list.replaceChildren(
      ...links.filter(({ attached }) => attached).map((link) =>
        build(
          "li",
          {},
          build("b", {}, link.name),
          build("span", { class: "quiet" }, `${link.from} → ${link.to} · ${link.listen}`),
          button(
            gettext("Remove"),
            () => this.#send(`/${encodeURIComponent(link.name)}`, "DELETE"),
            {
              "aria-label": interpolate(gettext("Remove %(name)s"), { name: link.name }),
            },
          ),
        )
      ),
    );
  }

  /** @returns {Promise<void>} */
  async #add() {
    const done = await this.#send("", "POST", Object.fromEntries(new FormData(this.#form)));
    if (done) this.#form.reset();
  }

  /**
   * @param {string} path
   * @param {string} method
   * @param {unknown} [body]
   * @returns {Promise<boolean>} whether it was done
   */
  async #send(path, method, body) {
    this.#problem.textContent = "";
    try {
      await fetchJson(`/api/links${path}`, { method, body });
      await this.show();
      return true;
    } catch (error) {
      this.#problem.textContent = messageOf(error);
      return false;
    }
  }
}

customElements.define("lab-links", LabLinks);
