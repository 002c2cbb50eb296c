"""Resident memory of the observer and of an open page while events come: ``python -m
benchmarks.memory [--events 100000] [--steps 4]``.

Spans and log records, half and half, come through OTLP as fast as they are taken, with the lab's
page open in a real Chromium. After each step, when the page has received all of them, the
observer's resident memory, the page's JavaScript heap (after a garbage collection) and the number
of its nodes are read, and the resident memory of Chromium's renderers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from benchmarks.otlp_load import SPANS, Batches
from tests.support.browser import chromium
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page, WebSocket

_MEGABYTE = 1_000_000
_CATCH_UP_SECONDS = 180


def main() -> None:
    """Run the benchmark and print a line for each step."""
    parser = argparse.ArgumentParser(description="Memory of the observer and of an open page.")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=4)
    options = parser.parse_args()
    print(f"{'events':>8}{'observer MB':>13}{'page heap MB':>14}{'nodes':>8}{'renderers MB':>14}")
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        page = browser.new_page()
        feed = Feed(page)
        page.goto(lab.observer_url)
        page.wait_for_selector("#connection[data-state=live]")
        session = page.context.new_cdp_session(page)
        lab.place_order()
        sender = Sender(lab)
        _print_row(0, measure(lab, session))
        for step in range(1, options.steps + 1):
            until = options.events * step // options.steps
            while sender.sent < until:
                sender.send()
            eventually(
                lambda: feed.caught_up(page, sender.sent),
                seconds=_CATCH_UP_SECONDS,
            )
            _print_row(sender.sent, measure(lab, session))


class Figures(NamedTuple):
    """What is measured at one moment, in bytes; ``nodes`` counts those of the page."""

    observer: int
    heap: int
    nodes: int
    renderers: int


def measure(lab: LabProcesses, session: CDPSession) -> Figures:
    """Read the memory of the observer and of the page."""
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    return Figures(
        observer=resident(lab.pid_of("observer")),
        heap=int(metrics["JSHeapUsedSize"]),
        nodes=int(metrics["Nodes"]),
        renderers=sum(resident(pid) for pid in _renderers()),
    )


def resident(pid: int) -> int:
    """Return the resident memory of a process, in bytes."""
    return psutil.Process(pid).memory_info().rss


class Feed:
    """Counts the records that a page has received."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        page.on("websocket", self._follow)

    def caught_up(self, page: Page, events: int) -> bool:
        """Whether the page has received ``events`` records, and has drawn since."""
        # Frames are delivered while the page is being called.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
        return self.received >= events

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        data = json.loads(frame)
        if data["type"] == "batch":
            self.received += len(data["spans"]) + len(data["logs"])


class Sender:
    """Sends spans and log records alternately; ``sent`` counts both."""

    def __init__(self, lab: LabProcesses) -> None:
        self.sent = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", lab.ports["OBSERVER"])
        self._batches = Batches()

    def send(self) -> None:
        """Send a batch of each."""
        self._post("/v1/traces", self._batches.next())
        self._post("/v1/logs", _logs())
        self.sent += 2 * SPANS

    def _post(self, path: str, body: bytes) -> None:
        self._connection.request("POST", path, body, {"Content-Type": "application/x-protobuf"})
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == http.client.OK, body


def _logs() -> bytes:
    message = ExportLogsServiceRequest()
    of_resource = message.resource_logs.add()
    name = of_resource.resource.attributes.add()
    name.key, name.value.string_value = "service.name", "benchmark"
    scope = of_resource.scope_logs.add()
    now = time.time_ns()
    for number in range(SPANS):
        record = scope.log_records.add()
        record.time_unix_nano = now + number
        record.severity_number = SeverityNumber.SEVERITY_NUMBER_INFO
        record.body.string_value = f"benchmark event {now} {number}"
        for key in ("one", "two"):
            pair = record.attributes.add()
            pair.key, pair.value.string_value = key, f"value {number}"
    packed: bytes = message.SerializeToString()
    return packed


def _renderers() -> list[int]:
    """Find the processes in which this benchmark's Chromium draws pages."""
    mine = psutil.Process().children(recursive=True)
    return [each.pid for each in mine if "--type=renderer" in each.cmdline()]


def _print_row(events: int, found: Figures) -> None:
    print(
        f"{events:>8}{found.observer / _MEGABYTE:>13.0f}{found.heap / _MEGABYTE:>14.1f}"
        f"{found.nodes:>8}{found.renderers / _MEGABYTE:>14.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
