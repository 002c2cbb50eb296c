"""The bench while orders come: ``python -m benchmarks.at_work [--seconds 60] [--rate 5]``.

A lab is started, and a real Chromium places orders from the bench itself, at a steady rate. Printed
are, for each quarter of the time, how long frames took, the longest task, what moved without being
asked to (CLS), the processor time of the page's thread for an order, and the page's memory after a
garbage collection. The log is full before it begins, so that whatever grows then grows for good.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

_MEGABYTE = 1_000_000
_PARTS = 4
_FILLING_RATE = 20
_FILLING_SECONDS = 20

# Runs before the page's own scripts. What moves is counted as browsers do: in windows of five
# seconds at the most, with no pause of a second, of which the worst is taken.
WATCH = """
window.seen = { frames: [], tasks: [], shifts: [], moved: [] };
const step = (now) => {
  seen.frames.push(now);
  requestAnimationFrame(step);
};
requestAnimationFrame(step);
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) seen.tasks.push(duration);
}).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => {
  for (const { startTime, value, hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    seen.shifts.push([startTime, value]);
    for (const { node } of sources) seen.moved.push((node?.outerHTML ?? "gone").slice(0, 90));
  }
}).observe({ type: "layout-shift", buffered: true });
"""
_TAKE = """() => {
  const taken = seen;
  window.seen = { frames: [], tasks: [], shifts: [], moved: [] };
  return taken;
}"""


class Work(NamedTuple):
    """What a page did for a while; times in ms."""

    frame_p95: float
    longest_task: float
    cls: float
    moved: list[str]
    thread: float
    """Processor time of the page's main thread."""
    heap: int
    """Bytes after a garbage collection."""
    nodes: int


class Watch:
    """Looks at a page that has `WATCH`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")
        self._thread = 0.0
        self.take()

    def take(self) -> Work:
        """Return what happened since it was taken last."""
        # Before the garbage collection, which is no work of the page's.
        seen = self._page.evaluate(_TAKE)
        thread = self._metrics()["ThreadTime"] * 1_000
        self._session.send("HeapProfiler.collectGarbage")
        metrics = self._metrics()
        gaps = [b - a for a, b in itertools.pairwise(seen["frames"])] or [0.0, 0.0]
        self._page.evaluate(_TAKE)
        work = Work(
            frame_p95=statistics.quantiles(gaps, n=20)[-1],
            longest_task=max(seen["tasks"], default=0.0),
            cls=cls(seen["shifts"]),
            moved=seen["moved"],
            thread=thread - self._thread,
            heap=int(metrics["JSHeapUsedSize"]),
            nodes=int(metrics["Nodes"]),
        )
        self._thread = self._metrics()["ThreadTime"] * 1_000
        return work

    def _metrics(self) -> dict[str, float]:
        listed = self._session.send("Performance.getMetrics")["metrics"]
        return {each["name"]: each["value"] for each in listed}


def cls(shifts: list[tuple[float, float]]) -> float:
    """Sum layout shifts, ``(ms, value)``, as the cumulative layout shift has it."""
    worst = total = 0.0
    first = last = float("-inf")
    for moment, value in shifts:
        if moment - last > 1_000 or moment - first > 5_000:
            first, total = moment, 0.0
        last = moment
        total += value
        worst = max(worst, total)
    return worst


@contextmanager
def steady(page: Page, rate: float) -> Iterator[None]:
    """Place orders from the page, ``rate`` a second."""
    page.get_by_role("button", name="Item, quantity and rate").click()
    page.get_by_label("orders a second").fill(str(rate))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Steady").click()
    yield
    page.locator("lab-place").get_by_role("button", name="Stop").click()


def open_watched(page: Page, url: str) -> None:
    """Open the bench, to be watched from its first frame on."""
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_selector("#connection[data-state=live]")


def main() -> None:
    """Place orders and print a line for each quarter of the time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=5.0)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, {options.rate:g} orders/s for {options.seconds:g} s")
    print("frame p95  longest task     CLS  thread ms an order  heap MB   nodes")
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        open_watched(page, lab.observer_url)
        with steady(page, _FILLING_RATE):
            page.wait_for_timeout(_FILLING_SECONDS * 1_000)
        watch = Watch(page)
        with steady(page, options.rate):
            for _ in range(_PARTS):
                seconds = options.seconds / _PARTS
                page.wait_for_timeout(seconds * 1_000)
                work = watch.take()
                print(
                    f"{work.frame_p95:>6.0f} ms{work.longest_task:>11.0f} ms{work.cls:>8.4f}"
                    f"{work.thread / (options.rate * seconds):>20.1f}"
                    f"{work.heap / _MEGABYTE:>9.1f}{work.nodes:>8}",
                    flush=True,
                )
                for each, count in most_moved(work.moved):
                    print(f"    moved {count} times: {each}")


def most_moved(moved: list[str]) -> list[tuple[str, int]]:
    """List what moved most often."""
    counted = {each: moved.count(each) for each in moved}
    return sorted(counted.items(), key=lambda each: -each[1])[:3]


if __name__ == "__main__":
    main()
