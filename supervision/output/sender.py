"""Sending what services print to the observer, as log records of theirs."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from base.client import LabClient
from base.errors import LabError
from base.loops import Loop
from supervision.output.lines import SEVERITIES
from telemetry.instrument.awaiting import StartOf
from telemetry.instrument.batching import LOST_LOGS, LOST_MESSAGE, Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCOPE = {"name": "stdout"}
_TIMEOUT_SECONDS = 5.0
_STOP_SECONDS = 1.0
_REPORT_SECONDS = 2.0


class Printed(NamedTuple):
    """A record of what an instance of a service printed, in OTLP's JSON."""

    service: str
    instance: str
    record: dict[str, Any]


class Sender:
    """Sends to the observer at ``endpoint`` from a thread of its own, as `Batcher` does.

    What is put before `start` is not sent. What could not be sent is counted, and reported as soon
    as the observer takes it: also of a service that prints nothing more.
    """

    def __init__(self, endpoint: str, *, delay_ms: int) -> None:
        self._observer = LabClient(endpoint, timeout_seconds=_TIMEOUT_SECONDS)
        self._endpoint = endpoint
        self._delay_ms = delay_ms
        self._batcher: Batcher[Printed] | None = None
        self._losses = _Losses()
        self._reports = Loop("service-output", self._report, every=None)

    def start(self) -> None:
        """Begin to send."""
        self._batcher = Batcher(
            "service-output",
            self._send,
            delay_ms=self._delay_ms,
            is_awaited=StartOf(self._endpoint).is_awaited,
        )
        self._reports.start()

    def put(self, printed: Printed) -> None:
        """Queue one; never waits."""
        if self._batcher is not None and not self._batcher.put(printed):
            self._lost([printed])

    def stop(self) -> None:
        """Send what is queued, for a second at most."""
        if self._batcher is not None:
            self._batcher.stop(seconds=_STOP_SECONDS)
        self._reports.stop(seconds=_STOP_SECONDS)

    def _send(self, batch: Sequence[Printed]) -> bool:
        sent = self._is_sent(batch)
        if not sent:
            self._lost(batch)
        return sent

    def _is_sent(self, batch: Sequence[Printed]) -> bool:
        try:
            self._observer.call("POST", "/v1/logs", body=request_of(batch))
        except LabError:
            return False
        return True

    def _lost(self, lost: Sequence[Printed]) -> None:
        self._losses.count(lost)
        self._reports.wake()

    def _report(self) -> float | None:
        found = self._losses.unreported()
        if not found:
            return None
        if self._is_sent([self._losses.record(*each) for each in found.items()]):
            self._losses.reported |= found
        return _REPORT_SECONDS


class _Losses:
    """How many lines of each service never reached the observer."""

    def __init__(self) -> None:
        self.reported: dict[str, int] = {}
        self._lines: Counter[str] = Counter()
        self._lock = threading.Lock()
        # The counts are this process': after another start they add up.
        self._id = uuid.uuid4()

    def count(self, lost: Sequence[Printed]) -> None:
        with self._lock:
            self._lines.update(each.service for each in lost)

    def unreported(self) -> dict[str, int]:
        with self._lock:
            return {k: count for k, count in self._lines.items() if count != self.reported.get(k)}

    def record(self, service: str, count: int) -> Printed:
        record = {
            "timeUnixNano": str(time.time_ns()),
            "severityText": "WARN",
            "severityNumber": SEVERITIES["WARN"],
            "body": {"stringValue": LOST_MESSAGE},
            "attributes": [{"key": LOST_LOGS, "value": {"intValue": str(count)}}],
        }
        return Printed(service, f"{service} printed, {self._id}", record)


def request_of(batch: Sequence[Printed]) -> dict[str, Any]:
    """Return the OTLP request with a batch, a resource for each instance."""
    records: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for service, instance, record in batch:
        records.setdefault((service, instance), []).append(record)
    return {
        "resourceLogs": [
            {
                "resource": {
                    "attributes": [
                        {"key": "service.name", "value": {"stringValue": service}},
                        {"key": "service.instance.id", "value": {"stringValue": instance}},
                    ]
                },
                "scopeLogs": [{"scope": _SCOPE, "logRecords": listed}],
            }
            for (service, instance), listed in records.items()
        ]
    }
