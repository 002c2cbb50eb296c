"""Requests of a system's actions: sent by the lab's own client, recorded as operations."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from boundary.error_kind import NEVER_SENT
from experiments.checker.history import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from base.lab import Lab
    from experiments.checker.history import History, Outcome

AT_ONCE = 10
"""How many the lab sends at a time."""

_NOT_DONE = {*(kind.value for kind in NEVER_SENT), "http_4xx"}


class Requests:
    """Sends actions through one lab, and keeps them in a history."""

    def __init__(self, lab: Lab, history: History, now_ms: Callable[[], float]) -> None:
        self._lab = lab
        self._history = history
        self._now_ms = now_ms

    def send(self, action: str, *, count: int, rate: float = 0) -> list[Operation]:
        """Send ``action`` ``count`` times: at ``rate`` a second, else `AT_ONCE` at a time.

        :raises LabError: there is no such action, or the lab does not answer.
        """
        done: list[Operation] = []
        began = time.monotonic()
        while len(done) < count:
            if rate:
                time.sleep(max(0.0, began + len(done) / rate - time.monotonic()))
            size = 1 if rate else min(AT_ONCE, count - len(done))
            started_ms = self._now_ms()
            sent = self._lab.send_action(action, size)
            done += (self._operation(action, each, started_ms) for each in sent)
        return done

    def _operation(self, action: str, sent: Mapping[str, Any], started_ms: float) -> Operation:
        operation = Operation(
            index=self._history.invoke(),
            request_id=sent["requestId"] or sent["traceId"],
            started_ms=started_ms,
            ended_ms=started_ms + sent["durationMs"],
            outcome=_outcome(sent["errorKind"]),
            http_status=sent["httpStatus"],
            error=sent["errorKind"],
            trace_id=sent["traceId"],
            action=action,
        )
        self._history.end(operation)
        return operation


def _outcome(error_kind: str | None) -> Outcome:
    if error_kind is None:
        return "ok"
    return "fail" if error_kind in _NOT_DONE else "info"
