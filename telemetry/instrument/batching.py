"""A bounded queue in front of an exporter: putting never waits, what is lost is counted."""

from __future__ import annotations

import collections
import logging
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY, attach, set_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

log = logging.getLogger("telemetry")

MAX_QUEUE = 16_384
MAX_BATCH = 512
_LONGEST_PAUSE_SECONDS = 0.25
_BATCH_WORTH_A_DELAY = 16


class Batcher(Generic[T]):
    """Hands batches to ``export`` in a thread of its own; ``export`` says whether it succeeded.

    What comes slowly is exported after ``delay_ms``; the more comes, the longer it is gathered, up
    to a quarter of a second: a page sees a single click soon, and a flood costs few exports.

    Order is kept. When the queue is full the newest is dropped, when an export fails its batch is:
    both are counted in ``lost``.
    """

    def __init__(self, name: str, export: Callable[[Sequence[T]], bool], *, delay_ms: int) -> None:
        self.lost = 0
        self._export = export
        self._delay_seconds = delay_ms / 1_000
        self._queue: collections.deque[T] = collections.deque()
        self._stopping = threading.Event()
        self._full_batch = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """Queue ``item``; never waits."""
        if len(self._queue) >= MAX_QUEUE or self._stopping.is_set():
            self.lost += 1
            return
        self._queue.append(item)
        if len(self._queue) == MAX_BATCH:
            self._full_batch.set()

    def flush(self, *, seconds: float) -> None:
        """Export what is queued, waiting ``seconds`` at most."""
        self._full_batch.set()
        waited = threading.Event()
        steps = max(1, round(seconds / 0.01))
        for _ in range(steps):
            if not self._queue:
                return
            waited.wait(0.01)

    def stop(self, *, seconds: float) -> None:
        """Export what is queued and end the thread, waiting ``seconds`` at most."""
        self._stopping.set()
        self._full_batch.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        # The exporter's own calls are no part of anybody's trace.
        attach(set_value(_SUPPRESS_INSTRUMENTATION_KEY, "exporting"))
        exported = 0
        while not self._stopping.is_set():
            pause = self._delay_seconds * (1 + exported / _BATCH_WORTH_A_DELAY)
            self._full_batch.wait(min(pause, max(self._delay_seconds, _LONGEST_PAUSE_SECONDS)))
            self._full_batch.clear()
            exported = self._export_queued()
        self._export_queued()

    def _export_queued(self) -> int:
        # What comes meanwhile waits for its turn: or else, under load, one small batch would
        # follow the other without a pause.
        queued = waiting = len(self._queue)
        while queued > 0 or len(self._queue) >= MAX_BATCH:
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
            queued -= len(batch)
            try:
                exported = self._export(batch)
            except Exception:  # an exporter's mistake must not end the thread
                log.exception("telemetry could not be exported")
                exported = False
            if not exported:
                self.lost += len(batch)
        return waiting
