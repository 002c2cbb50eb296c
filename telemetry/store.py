"""Storing batches: one thread writes, all that waits goes into one transaction, and whoever
handed in a batch hears of it only after the commit.
"""

from __future__ import annotations

import collections
import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import Error, connections, router, transaction
from django.db.models import Max

from telemetry import statements
from telemetry.errors import Overloaded, Unavailable
from telemetry.models import Interned, LogRow, SpanRow
from telemetry.retention import RETENTION
from telemetry.rows import log_row, span_row
from telemetry.sources import Sources
from telemetry.summaries import deltas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telemetry.records import LogRecord, Span

log = logging.getLogger("telemetry")

MAX_WAITING_RECORDS = 65_536
_MAX_TRANSACTION_RECORDS = 8_192
_INTERNED_CACHE = 4_096
_MAINTENANCE_SECONDS = 5.0
_BETWEEN_SLICES_SECONDS = 0.02


@dataclass(slots=True)
class Batch:
    """Records that are stored together, and the future that hears of it."""

    spans: Sequence[Span]
    logs: Sequence[LogRecord]
    done: Future[None] = field(default_factory=Future)

    @property
    def size(self) -> int:
        """How many records it has."""
        return len(self.spans) + len(self.logs)


@dataclass(frozen=True, slots=True)
class Stored:
    """What one transaction has stored, with its ``seq``; the last one is the feed's cursor."""

    spans: Sequence[tuple[int, Span]]
    logs: Sequence[tuple[int, LogRecord]]
    cursor: int


class Writer:
    """The one thread that writes telemetry.

    ``maintain`` is called by it now and then, between batches; it does a little and says whether
    there is more to do.
    """

    def __init__(self, maintain: Callable[[], bool] | None = None) -> None:
        self._maintain = maintain
        self._maintain_at = time.monotonic()
        self.alias = router.db_for_write(SpanRow)
        self.listeners: list[Callable[[Stored], None]] = []
        self._waiting: collections.deque[Batch] = collections.deque()
        self._waiting_records = 0
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._next_seq = 0
        self._interned: dict[str, int] = {}

    def submit(self, spans: Sequence[Span], logs: Sequence[LogRecord]) -> Future[None]:
        """Queue a batch; the future ends when it is committed, or with `Unavailable`.

        :raises Overloaded: more waits already than may.
        """
        batch = Batch(spans, logs)
        with self._wake:
            if self._stopping:
                raise Unavailable("the observer is stopping")
            if self._waiting_records and self._waiting_records + batch.size > MAX_WAITING_RECORDS:
                raise Overloaded(f"{self._waiting_records} records wait to be stored already")
            self._waiting.append(batch)
            self._waiting_records += batch.size
            self._start()
            self._wake.notify()
        return batch.done

    def stop(self, *, seconds: float = 5.0) -> None:
        """Store what waits and end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(seconds)

    def start(self) -> None:
        """Start the thread, so that what is too old goes even when nothing new comes."""
        with self._wake:
            self._start()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="telemetry-writer", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            batches = self._take()
            if batches:
                self._write(batches)
            elif self._stopping:
                break
            if self._maintain is not None and time.monotonic() >= self._maintain_at:
                self._do_maintenance(self._maintain)
        connections[self.alias].close()

    def _do_maintenance(self, maintain: Callable[[], bool]) -> None:
        more = False
        try:
            more = maintain()
        except Error as error:
            log.warning("old telemetry could not be removed: %s", error)
            connections[self.alias].close()
        pause = _BETWEEN_SLICES_SECONDS if more else _MAINTENANCE_SECONDS
        self._maintain_at = time.monotonic() + pause

    def _take(self) -> list[Batch]:
        with self._wake:
            if not self._waiting and not self._stopping:
                until = self._maintain_at - time.monotonic() if self._maintain else None
                if until is None or until > 0:
                    self._wake.wait(until)
            taken: list[Batch] = []
            records = 0
            while self._waiting and records < _MAX_TRANSACTION_RECORDS:
                taken.append(self._waiting.popleft())
                records += taken[-1].size
            self._waiting_records -= records
            return taken

    def _write(self, batches: Sequence[Batch]) -> None:
        try:
            stored = self._store(batches)
        except Error as error:
            log.warning("telemetry could not be stored: %s", error)
            self._next_seq = 0
            self._interned.clear()
            connections[self.alias].close()
            for batch in batches:
                batch.done.set_exception(Unavailable("the telemetry database can't take it now"))
            return
        except Exception as error:  # a batch that can't be stored must not end the thread
            log.exception("telemetry could not be stored")
            self._next_seq = 0
            self._interned.clear()
            for batch in batches:
                batch.done.set_exception(error)
            return
        # The page hears of it before the sender does: the sender only waits for the commit.
        for batch in batches:
            batch.done.set_result(None)
        for listener in self.listeners:
            listener(stored)

    def _store(self, batches: Sequence[Batch]) -> Stored:
        if not self._next_seq:
            self._next_seq = last_seq() + 1
        first = self._next_seq
        seq = first
        spans: list[tuple[int, Span]] = []
        logs: list[tuple[int, LogRecord]] = []
        for batch in batches:
            for span in batch.spans:
                spans.append((seq, span))
                seq += 1
            for record in batch.logs:
                logs.append((seq, record))
                seq += 1
        with transaction.atomic(using=self.alias):
            stored = self._insert(spans, logs, first=first, last=seq - 1)
        self._next_seq = seq
        return stored

    def _insert(
        self,
        spans: Sequence[tuple[int, Span]],
        logs: Sequence[tuple[int, LogRecord]],
        *,
        first: int,
        last: int,
    ) -> Stored:
        sources = Sources(self)
        with connections[self.alias].cursor() as cursor:
            revisions: dict[int, int] = {}
            kept: set[int] = set()
            if spans:
                rows = [span_row(span, seq=seq, sources=sources) for seq, span in spans]
                cursor.executemany(statements.INSERT_SPAN, rows)
                cursor.execute(statements.STORED_SPANS, [first, last])
                revisions = dict(cursor.fetchall())
            if logs:
                rows = [log_row(record, seq=seq, sources=sources) for seq, record in logs]
                cursor.executemany(statements.INSERT_LOG, rows)
                cursor.execute(statements.STORED_LOGS, [first, last])
                kept = {seq for (seq,) in cursor.fetchall()}
            new_spans = [(seq, span) for seq, span in spans if seq in revisions]
            new_logs = [(seq, record) for seq, record in logs if seq in kept]
            added = deltas(((seq, span, revisions[seq]) for seq, span in new_spans), new_logs)
            cursor.executemany(
                statements.UPSERT_TRACE, [delta.row(key) for key, delta in sorted(added.items())]
            )
            cursor.executemany(
                statements.UPSERT_SERVICE,
                [
                    (trace_id, *key, *counts)
                    for trace_id, delta in sorted(added.items())
                    for key, counts in sorted(delta.services.items())
                ],
            )
        return Stored(new_spans, new_logs, cursor=last)

    def number_of(self, data: str) -> int:
        """Return the number under which a resource or a scope is kept, keeping it when new."""
        number = self._interned.get(data)
        if number is None:
            known = Interned.objects.using(self.alias).filter(data=data).first()
            if known is None:
                highest = Interned.objects.using(self.alias).aggregate(last=Max("id"))["last"]
                known = Interned.objects.using(self.alias).create(id=(highest or 0) + 1, data=data)
            number = known.id
            if len(self._interned) >= _INTERNED_CACHE:
                self._interned.clear()
            self._interned[data] = number
        return number


def last_seq() -> int:
    """Return the highest ``seq`` that is stored, or 0."""
    return max(model.objects.aggregate(last=Max("seq"))["last"] or 0 for model in (SpanRow, LogRow))


WRITER = Writer(RETENTION.slice)
