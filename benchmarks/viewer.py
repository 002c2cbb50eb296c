"""Drawing large traces: ``python -m benchmarks.viewer [--sizes 1000 10000 100000]``.

A lab is started, traces of each size are sent to it as OTLP, and a real Chromium opens each one's
page, on a first visit and again on a second one. Printed are the milliseconds from the start of
navigation to the first row painted and to the whole trace being there and scrolling, the requests
that it took until then, and the frames a second while it is scrolled from end to end.

With ``--steps`` each page is opened again without one of the things that make it fast, by taking
that out of the page on its way to the browser: the difference to *as it is* is what it gives.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import os
import re
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from dashboard.joined import FIRST, LATER
from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

BATCH = 2_000
CHILDREN = 8
SERVICES = ("gateway", "orders", "stock", "billing")
SCROLL_SECONDS = 3
_ENTRY = "dashboard/pages/trace.js"
_FIRST_ROWS = re.compile(r'<script id="trace-first".*?</script>', re.DOTALL)
_STATIC = re.compile(r"/static/[0-9a-f]{16}/")


def _all_at_once(html: str) -> str:
    """Have the browser load at once what is loaded when it is needed."""
    return re.sub(
        rf'(<script type="module" src="[^"]*){FIRST}',
        lambda found: f'{found[1]}{LATER}{_ENTRY}"></script>{found[0]}',
        html,
    )


_OF_BODY = ("content-encoding", "content-length")
STEPS: dict[str, Callable[[str], str]] = {
    "as it is": lambda html: html,
    "all views loaded at once": _all_at_once,
    "each module a file": lambda html: html.replace(FIRST, ""),
    "no rows in the page": lambda html: _FIRST_ROWS.sub("", html),
    "no files kept for good": lambda html: _STATIC.sub("/static/", html),
    "no compression": lambda html: html,
}

# Runs before the page's own scripts: notes the frame in which something is first there.
_WATCH = """
window.seen = {};
const look = (total) => {
  const grid = document.querySelector("lab-waterfall [role=treegrid]");
  if (!seen.first && grid?.querySelector(".span")) seen.first = performance.now();
  const rows = Number(grid?.getAttribute("aria-rowcount") ?? 0);
  if (!seen.whole && rows > total) seen.whole = performance.now();
  if (!seen.whole) requestAnimationFrame(() => look(total));
};
"""
# Of those that the browser did not answer from its own store.
_REQUESTS = """
(until) => 1 + performance.getEntriesByType("resource").filter((each) =>
  each.startTime < until && (each.transferSize > 0 || each.responseStatus === 304)).length
"""
_SCROLL = """
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


class Visit(NamedTuple):
    """How a page opened: ms since the start of navigation, and requests until all was there."""

    first_row: float
    whole: float
    requests: float


def main() -> None:
    """Send the traces, open each several times, and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--steps", action="store_true", help="what each step gives")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, Chromium without a GPU; medians of {options.times} openings")
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        traces = {size: send(lab, size) for size in options.sizes}
        with chromium() as browser:
            for size, trace_id in traces.items():
                url = f"{lab.observer_url}/traces/{trace_id}"
                # Before: whatever the server does for the first page of all.
                open_twice(browser, url, size)
                opened = [open_twice(browser, url, size) for _ in range(options.times)]
                _print_visits(f"{size:>7} spans", [visits for visits, _ in opened])
                if options.steps:
                    _print_steps(browser, url, size, options.times)
                    continue
                frames, slowest = (
                    statistics.median(each)
                    for each in zip(*(scrolled for _, scrolled in opened), strict=True)
                )
                print(f"{size:>7} spans: {frames:.0f} frames/s, slowest frame {slowest:.0f} ms")


def _print_visits(what: str, opened: list[list[Visit]]) -> None:
    for place, visit in enumerate(("first", "second")):
        first, whole, requests = (
            statistics.median(each) for each in zip(*(each[place] for each in opened), strict=True)
        )
        print(
            f"{what}, {visit:>6} visit: first row {first:>5.0f} ms, whole {whole:>5.0f} ms,"
            f" {requests:.0f} requests",
            flush=True,
        )


def _print_steps(browser: Browser, url: str, size: int, times: int) -> None:
    # In turn, so that a machine that gets slower is so for all of them.
    opened: dict[str, list[list[Visit]]] = {name: [] for name in STEPS}
    for _ in range(times):
        for name in STEPS:
            opened[name].append(open_twice(browser, url, size, step=name, scrolled=False)[0])
    for name, visits in opened.items():
        _print_visits(f"{name:>32}", visits)


def send(lab: LabProcesses, size: int) -> str:
    """Send a trace of ``size`` spans and return its id."""
    trace_id = secrets.token_bytes(16)
    for body in batches(trace_id, size):
        lab.session.post(
            f"{lab.observer_url}/v1/traces",
            data=body,
            headers={"Content-Type": "application/x-protobuf"},
            timeout=60,
        ).raise_for_status()
    return trace_id.hex()


def batches(trace_id: bytes, size: int) -> Iterator[bytes]:
    """Make a tree of spans, each with eight children, within its parent's time."""
    start = time.time_ns() - 60_000_000_000
    ids = [secrets.token_bytes(8) for _ in range(size)]
    times = [(start, start + 50_000_000_000)]
    for number in range(1, size):
        above, end = times[(number - 1) // CHILDREN]
        share = (end - above) // (CHILDREN + 1)
        begin = above + share * ((number - 1) % CHILDREN)
        times.append((begin, begin + max(share, 1_000)))
    for first in range(0, size, BATCH):
        message = ExportTraceServiceRequest()
        scopes = {}
        for service in SERVICES:
            resource = message.resource_spans.add()
            named = resource.resource.attributes.add()
            named.key, named.value.string_value = "service.name", service
            scopes[service] = resource.scope_spans.add()
        for number in range(first, min(size, first + BATCH)):
            span = scopes[SERVICES[number % len(SERVICES)]].spans.add()
            span.trace_id, span.span_id = trace_id, ids[number]
            if number:
                span.parent_span_id = ids[(number - 1) // CHILDREN]
            span.name, span.kind = f"operation {number % 40}", Span.SPAN_KIND_INTERNAL
            span.start_time_unix_nano, span.end_time_unix_nano = times[number]
            attribute = span.attributes.add()
            attribute.key, attribute.value.int_value = "number", number
        yield message.SerializeToString()


def open_twice(
    browser: Browser, url: str, size: int, *, step: str = "", scrolled: bool = True
) -> tuple[list[Visit], tuple[float, float]]:
    """Open a trace's page as a stranger, then again, and scroll; by name without one of `STEPS`.

    Returns for each visit the ms to the first row and to all, and the requests until then; and the
    frames a second with the slowest frame's ms.
    """
    # The policy of the page also keeps out what Playwright waits with.
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    visits = []
    for _ in range(2):
        page = context.new_page()
        page.add_init_script(f"{_WATCH}look({size});")
        if step:
            _change(page, url, step)
        page.goto(url)
        page.wait_for_function("window.seen.whole", timeout=60_000)
        seen = page.evaluate("window.seen")
        requests = page.evaluate(_REQUESTS, seen["whole"])
        visits.append(Visit(seen["first"], seen["whole"], requests))
        page.wait_for_selector("lab-diagnosis .headline", timeout=60_000)
    frames: list[float] = page.evaluate(_SCROLL, SCROLL_SECONDS) if scrolled else [0, 1]
    context.close()
    gaps = [after - before for before, after in itertools.pairwise(frames)]
    return visits, (1_000 * len(gaps) / sum(gaps), max(gaps))


def _change(page: Page, url: str, step: str) -> None:
    """Take a step out of the page on its way to the browser, whose store goes on as it does."""
    session = page.context.new_cdp_session(page)

    def pass_on(paused: dict[str, Any]) -> None:
        request = {"requestId": paused["requestId"]}
        sent = session.send("Fetch.getResponseBody", request)
        html = base64.b64decode(sent["body"]).decode()
        body = base64.b64encode(STEPS[step](html).encode()).decode()
        kept = [each for each in paused["responseHeaders"] if each["name"].lower() not in _OF_BODY]
        answer = {"responseCode": paused["responseStatusCode"], "responseHeaders": kept}
        session.send("Fetch.fulfillRequest", {**request, **answer, "body": body})

    session.on("Fetch.requestPaused", pass_on)
    session.send("Fetch.enable", {"patterns": [{"urlPattern": url, "requestStage": "Response"}]})
    if step == "no compression":
        session.send("Network.enable")
        headers = {"Accept-Encoding": "identity"}
        session.send("Network.setExtraHTTPHeaders", {"headers": headers})


if __name__ == "__main__":
    main()
