"""A sender of telemetry beside the orders, and the count of what it was promised."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from base.errors import LabError
from base.loops import Loop

if TYPE_CHECKING:
    from base.lab import Lab

SERVICE = "soak-sender"
SPANS_A_BATCH = 4

_EVERY_SECONDS = 0.05
_ANSWER_SECONDS = 5.0
_STOP_SECONDS = 10.0


class Sender:
    """Exports one batch after the other, each a trace of its own, and remembers the acknowledged.

    A batch without an answer may be stored or not: nothing was promised.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.acknowledged: list[str] = []
        self.unanswered = 0
        self._looked_for: dict[str, bool] = {}
        self._loop = Loop("soak-sender", self._send, every=_EVERY_SECONDS)

    def start(self) -> None:
        """Begin to send."""
        self._loop.start()

    def stop(self) -> None:
        """Send no more."""
        self._loop.stop(seconds=_STOP_SECONDS)

    def missing(self) -> list[str]:
        """List the acknowledged traces of which the observer does not have every span.

        Each is asked for once: after an error it goes on where it was.

        :raises LabError: it does not answer.
        """
        for trace_id in self.acknowledged[len(self._looked_for) :]:
            self._looked_for[trace_id] = self._spans_of(trace_id) == SPANS_A_BATCH
        return [trace_id for trace_id, is_whole in self._looked_for.items() if not is_whole]

    def _spans_of(self, trace_id: str) -> int:
        found = self._lab.observer.call("GET", f"/api/traces/{trace_id}", missing_ok=True)
        return 0 if found is None else len(found["spans"])

    def _send(self) -> None:
        trace_id = secrets.token_hex(16)
        try:
            answer = self._lab.observer.call(
                "POST", "/v1/traces", body=batch(trace_id), timeout_seconds=_ANSWER_SECONDS
            )
        except LabError:
            self.unanswered += 1
        else:
            if answer == {}:
                self.acknowledged.append(trace_id)
            else:
                self.unanswered += 1


def batch(trace_id: str) -> dict[str, Any]:
    """Return an export, in OTLP's JSON, of `SPANS_A_BATCH` spans of one trace."""
    now = time.time_ns()
    spans = [
        {
            "traceId": trace_id,
            "spanId": secrets.token_hex(8),
            "name": f"soak {number}",
            "startTimeUnixNano": str(now + number),
            "endTimeUnixNano": str(now + number + 1_000),
        }
        for number in range(SPANS_A_BATCH)
    ]
    named = {"key": "service.name", "value": {"stringValue": SERVICE}}
    return {
        "resourceSpans": [{"resource": {"attributes": [named]}, "scopeSpans": [{"spans": spans}]}]
    }
