import { svg } from "./dom.js";

/** Drawn on 16 × 16, in the colour of the text. */
const PATHS = {
  answer: "M3 4h10v6H8l-3 3v-3H3z",
  auto: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 2.5v11M9.8 3.2v9.6M11.6 4.4v7.2",
  check: "M3 8.5l3.2 3.2L13 5",
  clock: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 4.8V8l2.2 1.6",
  close: "M4 4l8 8M12 4l-8 8",
  crash: "M9 1.5L4 9h4l-1 5.5L12 7H8z",
  cut: "M2 8h3.5M10.5 8H14M6 5l4 6M10 5L6 11",
  dash: "M4 8h8",
  down: "M4 6l4 4 4-4",
  error: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM6 6l4 4M10 6l-4 4",
  find: "M7 3a4 4 0 100 8 4 4 0 000-8zM10 10l3.5 3.5",
  hourglass:
    "M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 3 4 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 4-3 5.5s3 2.5 3 5.5",
  dark: "M13 9.5A5.5 5.5 0 116.5 3a4.5 4.5 0 006.5 6.5z",
  key: "M5 5.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM7.5 8H14M12 8v2.5",
  light:
    "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  left: "M10 4L6 8l4 4",
  loss: "M2 8h3M7 8h1.5M10.5 8h1M13.5 8h.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M6 4v8M10 4v8",
  pin: "M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v4.5",
  play: "M5 3.5l8 4.5-8 4.5z",
  question: "M6.3 6.2a1.8 1.8 0 113 1.4c-.8.6-1.3 1-1.3 1.9M8 11.6h.01",
  record: "M4 2.5h5.5L12 5v8.5H4zM6 7h4M6 9.5h4",
  right: "M6 4l4 4-4 4",
  repeat: "M3 6h8l-2-2M13 10H5l2 2",
  shield: "M8 2l5 2v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4z",
  up: "M4 10l4-4 4 4",
  warn: "M8 2.5L14 13H2zM8 6.5v3M8 11.4h.01",
  wave: "M2 8h2.5l1.5-4 3 8 1.5-4H14",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * Builds an icon, which a screen reader passes over: words say the same.
 * @param {IconName} name
 * @returns {SVGElement}
 */
export function icon(name) {
  return svg(
    "svg",
    { class: `icon ${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}
