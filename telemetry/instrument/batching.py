"""A bounded queue in front of an exporter: putting never waits, what is lost is counted."""

from __future__ import annotations

import collections
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from opentelemetry.instrumentation.utils import suppress_instrumentation

from base.loops import Loop
from base.pace import pause_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MAX_QUEUE = 16_384
MAX_BATCH = 2_048

LOST_MESSAGE = "telemetry lost"
"""The log record by which what was lost is said, with the counts since its sender's start."""
LOST_SPANS = "lab.dropped.spans"
LOST_LOGS = "lab.dropped.logs"

_AWAITED_PAUSE_SECONDS = 0.1


class Batcher(Generic[T]):
    """Hands batches to ``export`` in a thread of its own; ``export`` says whether it succeeded.

    What comes slowly is exported after ``delay_ms``; the more comes, the longer it is gathered, up
    to half a second: a page sees a single click soon, and a flood costs few exports.

    While ``is_awaited`` nothing is exported: whoever takes it is only starting.

    Order is kept. When the queue is full the newest is dropped, when an export fails its batch is:
    both are counted in ``lost``.
    """

    def __init__(
        self,
        name: str,
        export: Callable[[Sequence[T]], bool],
        *,
        delay_ms: int,
        is_awaited: Callable[[], bool] = lambda: False,
    ) -> None:
        self.lost = 0
        self._stopped = False
        self._is_awaited = is_awaited
        self._export = export
        self._delay_seconds = delay_ms / 1_000
        self._queue: collections.deque[T] = collections.deque()
        self._idle = False
        self._loop = Loop(name, self._step, every=None, finish=self._finish)
        self._loop.start()

    def put(self, item: T) -> bool:
        """Queue ``item``, and say whether there was room; never waits."""
        waiting = len(self._queue)
        if waiting >= MAX_QUEUE or self._stopped:
            self.lost += 1
            return False
        self._queue.append(item)
        if self._idle or waiting + 1 == MAX_BATCH:
            self._loop.wake()
        return True

    def flush(self, *, seconds: float) -> None:
        """Export what is queued, waiting ``seconds`` at most."""
        self._loop.wake()
        until = time.monotonic() + seconds
        while self._queue and time.monotonic() < until:
            time.sleep(0.01)

    def stop(self, *, seconds: float) -> None:
        """Export what is queued and end the thread, waiting ``seconds`` at most."""
        self._stopped = True
        self._loop.stop(seconds=seconds)

    def _step(self) -> float | None:
        if self._idle:
            # Woken by the first of some: the others are waited for.
            self._idle = False
            return self._delay_seconds
        if self._queue and self._is_awaited():
            return _AWAITED_PAUSE_SECONDS
        exported = self._export_queued()
        if not exported:
            # What is put before this is seen finds nobody to wake.
            self._idle = True
            return 0.0 if self._queue else None
        return pause_after(exported, least_seconds=self._delay_seconds, now=time.monotonic())

    def _finish(self) -> None:
        self._export_queued()

    def _export_queued(self) -> int:
        failure: Exception | None = None
        # What comes meanwhile waits for its turn: or else, under load, one small batch would
        # follow the other without a pause.
        queued = waiting = len(self._queue)
        while queued > 0 or len(self._queue) >= MAX_BATCH:
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
            queued -= len(batch)
            try:
                # The exporter's own calls, and what it logs, are no part of anybody's trace.
                with suppress_instrumentation():
                    exported = self._export(batch)
            except Exception as error:  # noqa: BLE001 (raised once the other batches had their turn)
                exported, failure = False, error
            if not exported:
                self.lost += len(batch)
        if failure is not None:
            raise failure
        return waiting
