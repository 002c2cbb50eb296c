"""Batches of records that wait to be stored, bounded."""

from __future__ import annotations

import collections
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telemetry.errors import Overloaded, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telemetry.store.entries import LogEntry, SpanEntry

MAX_WAITING_RECORDS = 65_536
_MAX_TRANSACTION_RECORDS = 8_192


@dataclass(slots=True)
class Batch:
    """Records that are stored together, and the future of what could not be stored of them."""

    spans: Sequence[SpanEntry]
    logs: Sequence[LogEntry]
    imported: bool = False
    problems: Sequence[str] = ()
    done: Future[list[str]] = field(default_factory=Future)

    @property
    def size(self) -> int:
        """How many records it has."""
        return len(self.spans) + len(self.logs)


class Queue:
    """What waits to be stored: any thread puts in, the writer takes."""

    def __init__(self) -> None:
        self._waiting: collections.deque[Batch] = collections.deque()
        self.records = 0
        """How many wait."""
        self._closed = False
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, batch: Batch) -> None:
        """Add ``batch``.

        :raises Overloaded: more waits already than may.
        :raises Unavailable: the queue has been closed.
        """
        with self._lock:
            if self._closed:
                raise Unavailable("the observer is stopping")
            if self.records and self.records + batch.size > MAX_WAITING_RECORDS:
                raise Overloaded(f"{self.records} records wait to be stored already")
            self._waiting.append(batch)
            self.records += batch.size

    def close(self) -> None:
        """Take in nothing more."""
        with self._lock:
            self._closed = True

    def take(self) -> list[Batch]:
        """Return what goes into one transaction, the oldest first, without what was cancelled."""
        taken: list[Batch] = []
        records = 0
        with self._lock:
            while self._waiting and records < _MAX_TRANSACTION_RECORDS:
                batch = self._waiting.popleft()
                self.records -= batch.size
                # From here on its sender can no longer cancel it.
                if batch.done.set_running_or_notify_cancel():
                    taken.append(batch)
                    records += batch.size
        return taken


def halves(batches: Sequence[Batch]) -> list[list[Batch]]:
    """Split into two; a batch alone by its records, and a record alone not at all."""
    if len(batches) > 1:
        middle = len(batches) // 2
        return [list(batches[:middle]), list(batches[middle:])]
    [batch] = batches
    if batch.size <= 1:
        return []
    middle = batch.size // 2
    spans, logs, first_logs = batch.spans, batch.logs, max(0, middle - len(batch.spans))
    return [
        [Batch(spans[:middle], logs[:first_logs], batch.imported, done=batch.done)],
        [Batch(spans[middle:], logs[first_logs:], batch.imported, done=batch.done)],
    ]
