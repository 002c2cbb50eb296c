"""Sending what services print to the observer, as log records of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from base.client import LabClient
from base.errors import LabError
from telemetry.instrument.awaiting import StartOf
from telemetry.instrument.batching import Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCOPE = {"name": "stdout"}
_TIMEOUT_SECONDS = 5.0
_STOP_SECONDS = 1.0


class Printed(NamedTuple):
    """A record of what an instance of a service printed, in OTLP's JSON."""

    service: str
    instance: str
    record: dict[str, Any]


class Sender:
    """Sends to the observer at ``endpoint`` from a thread of its own, as `Batcher` does.

    What is put before `start` is not sent.
    """

    def __init__(self, endpoint: str, *, delay_ms: int) -> None:
        self._observer = LabClient(endpoint, timeout_seconds=_TIMEOUT_SECONDS)
        self._endpoint = endpoint
        self._delay_ms = delay_ms
        self._batcher: Batcher[Printed] | None = None

    def start(self) -> None:
        """Begin to send."""
        self._batcher = Batcher(
            "service-output",
            self._send,
            delay_ms=self._delay_ms,
            is_awaited=StartOf(self._endpoint).is_awaited,
        )

    def put(self, printed: Printed) -> None:
        """Queue one; never waits."""
        if self._batcher is not None:
            self._batcher.put(printed)

    def stop(self) -> None:
        """Send what is queued, for a second at most."""
        if self._batcher is not None:
            self._batcher.stop(seconds=_STOP_SECONDS)

    def _send(self, batch: Sequence[Printed]) -> bool:
        try:
            self._observer.call("POST", "/v1/logs", body=request_of(batch))
        except LabError:
            return False
        return True


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
