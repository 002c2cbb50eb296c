"""What the benchmark of the viewer runs in a page; Chromium and Firefox understand all of it."""

from __future__ import annotations

# Runs before the page's own scripts: notes the frame in which something is first there.
WATCH = """
window.seen = {};
window.underway = 0;
const asked = window.fetch;
window.fetch = (...all) => {
  underway++;
  return asked(...all).finally(() => underway--);
};
const look = (total) => {
  const grid = document.querySelector("lab-waterfall [role=treegrid]");
  if (!seen.first && grid?.querySelector(".span")) seen.first = performance.now();
  const rows = Number(grid?.getAttribute("aria-rowcount") ?? 0);
  if (!seen.whole && rows > total) seen.whole = performance.now();
  if (!seen.whole) requestAnimationFrame(() => look(total));
};
"""

# Of those that the browser did not answer from its own store.
REQUESTS = """
(until) => 1 + performance.getEntriesByType("resource").filter((each) =>
  each.startTime < until && (each.transferSize > 0 || each.responseStatus === 304)).length
"""

SCROLL = """
(seconds) => new Promise((done) => {
  const scroller = document.querySelector("lab-waterfall .scroller");
  const until = performance.now() + seconds * 1000;
  const began = performance.now();
  const far = scroller.scrollHeight - scroller.clientHeight;
  const frames = [];
  const step = (now) => {
    frames.push(now);
    scroller.scrollTop = far * ((now - began) / (seconds * 1000));
    if (now < until) requestAnimationFrame(step);
    else done(frames);
  };
  requestAnimationFrame(step);
})
"""

# From what somebody does to the frame that shows it having been painted; each is undone after it.
INTERACTIONS = """
(times) => (async () => {
  const grid = document.querySelector("lab-waterfall [role=treegrid]");
  const count = () => grid.getAttribute("aria-rowcount");
  const frame = () => new Promise(requestAnimationFrame);
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const until = async (holds) => {
    for (let left = 1800; !holds() && left; left--) await frame();
  };
  const timed = async (act) => {
    const before = count();
    const began = performance.now();
    act();
    await until(() => count() !== before);
    await painted();
    return performance.now() - began;
  };
  const press = (key) => grid.querySelector(".span[tabindex='0']")
    .dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const field = () => document.querySelector(".find input[type=search]");
  const side = (name) => document.querySelector(`[data-side="${name}"]`).click();
  const rest = async () => {
    for (let n = 0; n < 30; n++) await frame();
  };
  const acts = {
    fold: [() => press("ArrowLeft"), () => press("ArrowRight")],
    find: [
      () => document.querySelector("lab-trace").find("operation 3"),
      () => field().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })),
    ],
    perspective: [() => side("stock"), () => side("all")],
  };
  document.querySelector("lab-waterfall .scroller").scrollTop = 0;
  await rest();
  grid.querySelector(".span").click();
  grid.querySelector(".span").click();
  press("Home");
  const found = {};
  for (const [name, [act, undo]] of Object.entries(acts)) {
    found[name] = [];
    for (let n = 0; n < times; n++) {
      found[name].push(await timed(act));
      await rest();
      await timed(undo);
      await rest();
    }
  }
  // The observer goes on with what was asked last, and the next page would wait for it.
  do {
    await until(() => !window.underway);
    await rest();
  } while (window.underway);
  return found;
})()
"""
