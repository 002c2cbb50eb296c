"""How figures grow: ``python -m benchmarks.growth [--only intake|store|page]``.

*intake*: spans a second by number of senders and by spans in a batch. *store*: with 10^4, 10^5 and
10^6 spans stored, what is taken in then, and ms for the list of traces, for finding an attribute
and for one trace. *page*: ms from an order's acknowledgement to its row, in a page that follows
10 to 500 orders.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.otlp_load import flowing
from tests.support.browser import chromium
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TIMES = 5
_ASKED = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=["intake", "store", "page"])
    parser.add_argument("--seconds", type=float, default=3, help="for each figure of intake")
    parser.add_argument("--senders", type=_numbers, default=[1, 4, 16])
    parser.add_argument("--spans", type=_numbers, default=[10, 100, 512, 2_000])
    parser.add_argument("--sizes", type=_numbers, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--orders", type=_numbers, default=[10, 100, 500])
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    if options.only in (None, "intake"):
        intake(options.senders, options.spans, seconds=options.seconds)
    if options.only in (None, "store"):
        store(options.sizes, seconds=options.seconds)
    if options.only in (None, "page"):
        page(options.orders)


def intake(senders: Sequence[int], batches: Sequence[int], *, seconds: float) -> None:
    """Print spans acknowledged a second, a row for each number of senders."""
    print("spans/s" + "".join(f"{f'{spans} a batch':>16}" for spans in batches))
    for count in senders:
        # A store of its own each: one that has grown takes less.
        with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
            row = [_taken(lab, seconds, senders=count, spans=spans) for spans in batches]
        print(f"{count:>3} senders" + "".join(f"{each:>16.0f}" for each in row)[4:], flush=True)


def store(sizes: Iterable[int], *, seconds: float) -> None:
    """Fill a store step by step; print at each size what it takes in and how soon it answers."""
    print(f"{'stored':>10}{'intake/s':>10}{'list ms':>9}{'find ms':>9}{'trace ms':>10}")
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory), TELEMETRY_MAX_SPANS="5000000") as lab,
    ):
        for size in sizes:
            while (left := size - lab.get("/api/telemetry")["spans"]) > 0:
                _taken(lab, min(left / 20_000, 10.0), senders=4, spans=512)
            rate = _taken(lab, seconds, senders=4, spans=512)
            stored = lab.get("/api/telemetry")["spans"]
            trace_id = lab.get("/api/traces")["traces"][0]["traceId"]
            listing = _asked_ms(lab, "/api/traces")
            finding = _asked_ms(lab, "/api/traces", q="value 100")
            reading = _asked_ms(lab, f"/api/traces/{trace_id}")
            row = f"{stored:>10}{rate:>10.0f}{listing:>9.1f}{finding:>9.1f}{reading:>10.1f}"
            print(row, flush=True)


def page(counts: Iterable[int]) -> None:
    """Print how soon an order's row is drawn in a page that follows so many."""
    print(f"{'orders':>10}{'acknowledged to row, ms':>26}")
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        opened = browser.new_page()
        opened.goto(lab.observer_url)
        opened.wait_for_selector("#connection[data-state=live]")
        placed = 0
        for count in counts:
            while placed < count:
                lab.place_order().raise_for_status()
                placed += 1
            eventually(partial(_stored, lab, placed), seconds=60)
            took = []
            for _ in range(_TIMES):
                order_id = lab.place_order().json()["orderId"]
                placed += 1
                began = time.monotonic()
                opened.get_by_text(order_id[:8]).first.wait_for(state="attached")
                took.append((time.monotonic() - began) * 1_000)
            print(f"{count:>10}{statistics.median(took):>26.0f}", flush=True)


def _taken(lab: LabProcesses, seconds: float, *, senders: int, spans: int) -> float:
    url = f"http://127.0.0.1:{lab.ports['OBSERVER']}/v1/traces"
    with flowing(url, per_second=None, senders=senders, spans=spans) as flow:
        time.sleep(seconds)
    return flow.per_second


def _asked_ms(lab: LabProcesses, path: str, **parameters: str) -> float:
    took = []
    for _ in range(_ASKED):
        began = time.monotonic()
        lab.get(path, **parameters)
        took.append((time.monotonic() - began) * 1_000)
    return statistics.median(took)


def _stored(lab: LabProcesses, orders: int) -> bool:
    # Each order's trace has at least the span of its call.
    return int(lab.get("/api/telemetry")["spans"]) >= orders


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


if __name__ == "__main__":
    main()
