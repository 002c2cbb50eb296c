"""Which orders have changed, sent to the observer out of band: a hint for the open pages."""

from __future__ import annotations

import collections
import time
from typing import TYPE_CHECKING

from django.conf import settings
from opentelemetry.instrumentation.utils import suppress_instrumentation

from base.client import LabClient
from base.errors import LabError
from base.loops import Loop
from base.pace import pause_after

if TYPE_CHECKING:
    import uuid

MAX_WAITING = 1_000
MAX_SENT = 200
_TIMEOUT_SECONDS = 2.0
_GATHER_SECONDS = 0.1
_RETRY_SECONDS = 1.0


class Changes:
    """Sends the ids of changed orders in batches, from a thread of its own.

    Nobody waits for it, and it leaves neither span nor log record. When too many wait, a batch
    can't be sent, or the process has just begun, the observer is notified that any
    may have changed.
    """

    def __init__(self) -> None:
        self._waiting: collections.deque[uuid.UUID] = collections.deque()
        self._any = True
        self._idle = False
        self._started = False
        self._loop = Loop("changes", self._step, every=None)

    def start(self) -> None:
        """Begin to send."""
        self._started = True
        self._loop.start()

    def stop(self) -> None:
        """Send no more."""
        self._started = False
        self._loop.stop(seconds=1)

    def note(self, order_id: uuid.UUID) -> None:
        """Note that what this service has committed of an order is new; never waits."""
        if not self._started:
            return
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(order_id)
        else:
            self._any = True
        if self._idle:
            self._loop.wake()

    def note_all(self) -> None:
        """Note that any order may have changed."""
        self._any = True
        self._loop.wake()

    def _step(self) -> float | None:
        self._idle = False
        if self._any or self._waiting:
            # What is noted meanwhile is gathered.
            sent = self._send()
            if sent is None:
                return _RETRY_SECONDS
            return pause_after(sent, least_seconds=_GATHER_SECONDS, now=time.monotonic())
        self._idle = True
        return 0.0 if self._waiting else None

    def _send(self) -> int | None:
        """Send what waits; return how many were noted, or None when nobody took them."""
        any_order, self._any = self._any, False
        count = len(self._waiting) if any_order else min(len(self._waiting), MAX_SENT)
        ids = dict.fromkeys(str(self._waiting.popleft()) for _ in range(count))
        body = {"any": True} if any_order else {"orderIds": list(ids)}
        observer = LabClient(
            settings.LAB_OBSERVER_URL, secret=settings.LAB_SECRET, timeout_seconds=_TIMEOUT_SECONDS
        )
        try:
            with suppress_instrumentation():
                observer.call("POST", "/internal/changes", body=body)
        except LabError:
            # The observer is down, or another one: its pages will read everything.
            self._any = True
            return None
        return count


CHANGES = Changes()
"""Of this process's service."""
