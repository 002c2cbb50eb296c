"""Drawing large traces: ``python -m benchmarks.viewer [--sizes 1000 10000 100000]``.

A lab is started, traces of each size are sent to it as OTLP, and a real Chromium opens each one's
page. Printed are the milliseconds from the start of navigation to the first row painted and to the
whole trace being there and scrolling, and the frames a second while it is scrolled from end to end.
"""

from __future__ import annotations

import argparse
import itertools
import os
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

BATCH = 2_000
CHILDREN = 8
SERVICES = ("gateway", "orders", "stock", "billing")
SCROLL_SECONDS = 3

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


def main() -> None:
    """Send the traces, open each several times, and print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, Chromium without a GPU; medians of {asked.times} openings")
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        traces = {size: send(lab, size) for size in asked.sizes}
        with chromium() as browser:
            for size, trace_id in traces.items():
                url = f"{lab.observer_url}/traces/{trace_id}"
                opened = [open_once(browser, url, size) for _ in range(asked.times)]
                first, whole, frames, slowest = (
                    statistics.median(each) for each in zip(*opened, strict=True)
                )
                print(
                    f"{size:>7} spans: first row {first:>5.0f} ms, whole {whole:>5.0f} ms, "
                    f"scrolling {frames:.0f} frames/s, slowest frame {slowest:.0f} ms"
                )


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


def open_once(browser: Browser, url: str, size: int) -> tuple[float, float, float, float]:
    """Open a trace's page afresh: ms to the first row, ms to all, frames/s, slowest frame's ms."""
    # The policy of the page also keeps out what Playwright waits with.
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(f"{_WATCH}look({size});")
    page.goto(url)
    page.wait_for_function("window.seen.whole", timeout=60_000)
    seen = page.evaluate("window.seen")
    page.wait_for_selector("lab-diagnosis .headline", timeout=60_000)
    frames: list[float] = page.evaluate(_SCROLL, SCROLL_SECONDS)
    context.close()
    gaps = [after - before for before, after in itertools.pairwise(frames)]
    return seen["first"], seen["whole"], 1_000 * len(gaps) / sum(gaps), max(gaps)


if __name__ == "__main__":
    main()
