"""Drawing large traces: ``python -m benchmarks.viewer [--sizes 1000 10000 100000 500000]``.

A lab is started, traces of each size are sent to it as OTLP, and a real Chromium opens each one's
page, on a first visit and again on a second one. Printed are the milliseconds from the start of
navigation to the first row painted and to the whole trace being there and scrolling, and the
requests that it took until then; the frames a second while it is scrolled from end to end; the
milliseconds until a fold, what is found and another perspective are painted; how long the page's
thread computed for each visit and for a frame; and the memory of the page's JavaScript, of its
process, and of the observer. Where there is a Firefox (Debian's ``firefox-esr``, or
``LAB_FIREFOX``) it opens them as well, once each.

With ``--steps`` each page is opened again without one of the things that make it fast, by taking
that out of the page on its way to the browser: the difference to *as it is* is what it gives.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.viewing.computing import Computing
from benchmarks.viewing.memory import heap_mebibytes, observer_mebibytes, renderer_mebibytes
from benchmarks.viewing.scripts import INTERACTIONS, REQUESTS, SCROLL, WATCH
from benchmarks.viewing.steps import STEPS, take_out
from benchmarks.viewing.traces import send
from tests.support.bidi import firefox, firefox_path
from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.bidi import Firefox

SCROLL_SECONDS = 3
LONGEST_MS = 600_000
INTERACTION_TIMES = 3


class Visit(NamedTuple):
    """How a page opened: ms since the start of navigation, and requests until all was there."""

    first_row: float
    whole: float
    requests: float


@dataclass
class Opened:
    """A page that was opened as a stranger, then again."""

    visits: list[Visit] = field(default_factory=list)
    computing: list[float] = field(default_factory=list)
    """The ms that the page's thread computed until all was there, and for a frame of scrolling."""
    frames: list[float] = field(default_factory=list)
    interactions: dict[str, list[float]] = field(default_factory=dict)
    heap: float = 0
    renderer: float = 0


def main() -> None:
    """Send the traces, open each several times, and print some lines for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--steps", action="store_true", help="what each step gives")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, Chromium without a GPU; medians of {options.times} openings")
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        traces = {size: send(lab, size) for size in options.sizes}
        urls = {size: f"{lab.observer_url}/traces/{each}" for size, each in traces.items()}
        with chromium() as browser:
            for size, url in urls.items():
                # Before: whatever the server does for the first page of all.
                open_twice(browser, url, size)
                if options.steps:
                    _print_steps(browser, url, size, options.times)
                else:
                    _print_opened(
                        size, [open_twice(browser, url, size) for _ in range(options.times)]
                    )
                    print(f"{size:>7} spans: observer {observer_mebibytes(lab):.0f} MiB")
        if (path := firefox_path()) is not None and not options.steps:
            for size, url in urls.items():
                _print_firefox(path, url, size)


def _print_opened(size: int, opened: list[Opened]) -> None:
    what = f"{size:>7} spans"
    _print_visits(what, opened)
    gaps = [[after - before for before, after in itertools.pairwise(o.frames)] for o in opened]
    rate = statistics.median(1_000 * len(each) / sum(each) for each in gaps)
    slowest = statistics.median(map(max, gaps))
    print(f"{what}: {rate:.0f} frames/s, slowest frame {slowest:.0f} ms")
    _print_interactions(what, [each.interactions for each in opened])
    first, second, frame = (
        statistics.median(each) for each in zip(*(o.computing for o in opened), strict=True)
    )
    print(f"{what}: computing {first:.0f} ms, {second:.0f} ms, {frame:.1f} ms a frame")
    heap = statistics.median(each.heap for each in opened)
    renderer = statistics.median(each.renderer for each in opened)
    print(f"{what}: {heap:.0f} MiB of JavaScript, {renderer:.0f} MiB its process", flush=True)


def _print_interactions(what: str, found: list[dict[str, list[float]]]) -> None:
    parts = []
    for name in found[0]:
        first = statistics.median(each[name][0] for each in found)
        every = statistics.median(itertools.chain.from_iterable(each[name] for each in found))
        parts.append(f"{name} {every:.0f} ms ({first:.0f} the first time)")
    print(f"{what}: {', '.join(parts)}", flush=True)


def _print_visits(what: str, opened: list[Opened]) -> None:
    for place, visit in enumerate(("first", "second")):
        first, whole, requests = (
            statistics.median(each)
            for each in zip(*(each.visits[place] for each in opened), strict=True)
        )
        print(
            f"{what}, {visit:>6} visit: first row {first:>5.0f} ms, whole {whole:>5.0f} ms,"
            f" {requests:.0f} requests",
            flush=True,
        )


def _print_steps(browser: Browser, url: str, size: int, times: int) -> None:
    # In turn, so that a machine that gets slower is so for all of them.
    opened: dict[str, list[Opened]] = {name: [] for name in STEPS}
    for _ in range(times):
        for name in STEPS:
            opened[name].append(open_twice(browser, url, size, step=name))
    for name, each in opened.items():
        _print_visits(f"{name:>36}", each)
        _print_interactions(f"{name:>36}", [one.interactions for one in each])


def open_twice(
    browser: Browser, url: str, size: int, *, step: str = "", used: bool = True
) -> Opened:
    """Open a trace's page as a stranger, then again, and use it; without one of `STEPS`."""
    # The policy of the page also keeps out what Playwright waits with.
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    opened = Opened()
    for _ in range(2):
        page = context.new_page()
        page.set_default_timeout(LONGEST_MS)
        page.add_init_script(f"{WATCH}look({size});")
        if step:
            take_out(page, url, step)
        computing = Computing(page)
        page.goto(url)
        page.wait_for_function("window.seen.whole")
        opened.computing.append(computing.lap_ms())
        seen = page.evaluate("window.seen")
        requests = page.evaluate(REQUESTS, seen["whole"])
        opened.visits.append(Visit(seen["first"], seen["whole"], requests))
        page.wait_for_selector("lab-diagnosis .headline")
    if used and not step:
        computing.lap_ms()
        opened.frames = page.evaluate(SCROLL, SCROLL_SECONDS)
        opened.computing.append(computing.lap_ms() / len(opened.frames))
        opened.heap = heap_mebibytes(page)
        opened.renderer = renderer_mebibytes(browser)
    if used:
        opened.interactions = page.evaluate(INTERACTIONS, INTERACTION_TIMES)
    context.close()
    return opened


def _print_firefox(path: str, url: str, size: int) -> None:
    what = f"{size:>7} spans, Firefox"
    with firefox(path) as browser:
        browser.resize(1440, 1000)
        browser.open(url)
        began = time.monotonic()
        count = "Number(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount'))"
        while not browser.evaluate(f"{count} > {size}"):
            assert time.monotonic() - began < LONGEST_MS / 1_000, "it does not come"
            time.sleep(0.05)
        frames: list[float] = _awaited(browser, f"({SCROLL})({SCROLL_SECONDS})")
        interactions = _awaited(browser, f"({INTERACTIONS})({INTERACTION_TIMES})")
    gaps = [after - before for before, after in itertools.pairwise(frames)]
    print(f"{what}: {1_000 * len(gaps) / sum(gaps):.0f} frames/s")
    _print_interactions(what, [interactions])


def _awaited(browser: Firefox, promise: str) -> Any:
    browser.evaluate(f"void ({promise}).then((found) => window.found = found)")
    began = time.monotonic()
    while (found := browser.evaluate("window.found ?? null")) is None:
        assert time.monotonic() - began < LONGEST_MS / 1_000, "it does not end"
        time.sleep(0.1)
    browser.evaluate("delete window.found")
    return found


if __name__ == "__main__":
    main()
