import { learnColours, learnSenders } from "../base/palette.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;

/**
 * @typedef {object} Frame
 * @property {string} type
 * @property {number} [cursor]
 * @property {boolean} [gap]
 * @property {Record<string, number>} [colours]
 * @property {Array<{service: string}>} [spans]
 * @property {Array<{service: string}>} [logs]
 */

/**
 * The live feed: one WebSocket that reconnects and resumes where it was.
 *
 * Sends `state` (detail: "live" | "lost"), `gap` when records were missed for good, and one event
 * for each type of frame: `batch`, `orders`, `faults`, `run`, `defences`, `problems`, `startedOver`,
 * `hello`.
 */
export class Feed extends EventTarget {
  #cursor;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {number | undefined} [cursor] after which to begin; left out, from now on */
  constructor(cursor) {
    super();
    this.#cursor = cursor === undefined ? "" : String(cursor);
  }

  /** @returns {void} */
  start() {
    this.#stopped = false;
    this.#connect();
  }

  /** @returns {void} */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** @returns {void} */
  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const resume = this.#cursor && `?cursor=${this.#cursor}`;
    const socket = new WebSocket(`${scheme}://${location.host}/ws/live${resume}`);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#receive(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lost());
  }

  /**
   * @param {Frame} frame
   * @returns {void}
   */
  #receive(frame) {
    if (frame.cursor !== undefined) this.#cursor = String(frame.cursor);
    if (frame.colours) learnColours(frame.colours);
    for (const records of [frame.spans, frame.logs]) {
      learnSenders((records ?? []).map(({ service }) => service));
    }
    if (frame.type === "hello") {
      this.#retryMs = FIRST_RETRY_MS;
      this.#send("state", "live");
      if (frame.gap) this.#send("gap", frame);
    }
    this.#send(frame.type, frame);
  }

  /** @returns {void} */
  #lost() {
    if (this.#stopped) return;
    this.#send("state", "lost");
    // Spread out, so that many pages do not come back in the same moment.
    const wait = this.#retryMs * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   * @returns {void}
   */
  #send(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
