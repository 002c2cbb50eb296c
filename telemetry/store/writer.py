"""Storing batches: one thread writes, all that waits goes into one transaction, and whoever
hands in a batch is answered only after the commit.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.db import Error, InterfaceError, OperationalError, router, transaction

from base.loops import Loop
from base.patience import LONGEST_SECONDS, patience
from telemetry import signals
from telemetry.errors import Unavailable
from telemetry.models import Interned, SpanRow
from telemetry.store.batches import Batch, Queue, halves
from telemetry.store.entries import Entries, entries, unstorable
from telemetry.store.insertion import Insertion
from telemetry.store.retention import RETENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from telemetry.records import LogRecord, Span

log = logging.getLogger("telemetry")

_MAINTENANCE_SECONDS = 5.0
# After a lull, so many records are waited with: under load, others come at the same moment.
_LULL_SECONDS = 0.25
_WORTH_GATHERING = 64
_GATHER_SECONDS = 0.1
_BETWEEN_SLICES_SECONDS = 0.02
# Senders wait for their answer meanwhile.
_LONGEST_PAUSE_SECONDS = 1.0
# The class of PostgreSQL's errors of a record that is too long or has too much.
_LIMIT_EXCEEDED = "54"
_FILLER_ID = -1
_FILLER_BYTES = 16_384


class Writer:
    """The one thread that writes telemetry.

    ``maintain`` is called by it now and then, between batches; it does a little and returns whether
    there is more to do.
    """

    def __init__(self, maintain: Callable[[], bool] | None = None) -> None:
        self._maintain = maintain
        self._maintain_at = time.monotonic()
        self._wrote_at = 0.0
        self._queue = Queue()
        self._alias = router.db_for_write(SpanRow)
        self._insertion = Insertion(self._alias)
        # The disk may have been full before it was started.
        self._refusing = True
        self._loop = Loop(
            "telemetry-writer",
            self._step,
            every=None,
            finish=self._drain,
            longest_pause=_LONGEST_PAUSE_SECONDS,
            # A batch that was refused is lost: that is worth knowing at once.
            unhealthy_after=1,
        )

    def submit(
        self, spans: Sequence[Span], logs: Sequence[LogRecord], *, imported: bool = False
    ) -> Future[list[str]]:
        """Queue records as `submit_entries` does; the thread that calls makes their entries."""
        return self.submit_entries(entries(spans, logs), imported=imported)

    def submit_entries(self, made: Entries, *, imported: bool = False) -> Future[list[str]]:
        """Queue a batch; the future ends when it is committed, or with `Unavailable`.

        Its result has a reason for each record that the database refused; the others are stored.
        A sender that gives up may cancel it: then the batch is stored or not. What a person has
        ``imported`` is kept however old it is.

        :raises Overloaded: more waits already than may.
        :raises Unavailable: the writer has been stopped.
        """
        batch = Batch(made.spans, made.logs, imported, made.problems)
        self._queue.put(batch)
        self._loop.start()
        self._loop.wake()
        return batch.done

    def start(self) -> None:
        """Start the thread, so that what is too old goes even when nothing new comes."""
        self._loop.start()

    def stop(self, *, seconds: float = 5.0) -> None:
        """Store what waits and end the thread."""
        self._queue.close()
        self._loop.stop(seconds=seconds)

    def _step(self) -> float | None:
        try:
            with patience(LONGEST_SECONDS):
                return self._work()
        except (OperationalError, InterfaceError) as error:
            # Those that came meanwhile have waited as well.
            while batches := self._queue.take():
                self._refuse(batches, error)
            raise

    def _work(self) -> float | None:
        is_lull = time.monotonic() - self._wrote_at > _LULL_SECONDS
        if is_lull and self._queue.records >= _WORTH_GATHERING:
            time.sleep(_GATHER_SECONDS)
        batches = self._queue.take()
        if batches:
            self._write(batches)
            self._wrote_at = time.monotonic()
        elif self._refusing:
            self._probe()
        if self._maintain is None:
            return 0.0 if self._queue else None
        if time.monotonic() >= self._maintain_at:
            self._do_maintenance(self._maintain)
        return 0.0 if self._queue else max(0.0, self._maintain_at - time.monotonic())

    def _drain(self) -> None:
        while batches := self._queue.take():
            try:
                self._write(batches)
            except Exception:
                log.exception("telemetry could not be stored while stopping")

    def _probe(self) -> None:
        """Find out whether the database takes writes again, though nobody sends anything.

        A row that needs room is committed and removed: to take the lock alone needs none.
        """
        fillers = Interned.objects.using(self._alias).filter(id=_FILLER_ID)
        with transaction.atomic(using=self._alias):
            fillers.delete()
            fillers.create(id=_FILLER_ID, data="x" * _FILLER_BYTES)
        fillers.delete()
        self._refusing = False

    def _do_maintenance(self, maintain: Callable[[], bool]) -> None:
        self._maintain_at = time.monotonic() + _MAINTENANCE_SECONDS
        if maintain():
            self._maintain_at = time.monotonic() + _BETWEEN_SLICES_SECONDS

    def _write(self, batches: Sequence[Batch]) -> None:
        refused: dict[int, list[str]] = {}
        try:
            self._store_what_can_be(batches, refused)
        except BaseException as error:
            self._refuse(batches, error)
            raise
        self._refusing = False
        for batch in batches:
            batch.done.set_result([*batch.problems, *refused.get(id(batch.done), [])])

    def _store_what_can_be(self, batches: Sequence[Batch], refused: dict[int, list[str]]) -> None:
        """Store ``batches``, in halves where the database refuses something in them.

        ``refused`` gets the reasons by the id of a batch's future. A record comes this far only
        when it was judged storable: what is refused here is a case that the judge does not know.

        :raises django.db.Error: the database takes nothing now.
        """
        try:
            stored = self._insertion.store(batches)
        except Exception as error:
            if _takes_nothing(error):
                raise
            self._insertion.forget()
            parts = halves(batches)
            if not parts:
                if not refused:
                    log.exception("a record could not be stored")
                refused.setdefault(id(batches[0].done), []).append(unstorable(error))
            for half in parts:
                self._store_what_can_be(half, refused)
        else:
            signals.records_stored.send_robust(type(self), stored=stored)

    def _refuse(self, batches: Sequence[Batch], error: BaseException) -> None:
        self._refusing = True
        self._insertion.forget()
        if isinstance(error, Error):
            error = Unavailable("the telemetry database can't take it now")
        for batch in batches:
            batch.done.set_exception(error)


def _takes_nothing(error: Exception) -> bool:
    """Whether the database can't be used now, rather than that something is too much for it."""
    state = str(getattr(error.__cause__, "sqlstate", None))
    is_limit = state.startswith(_LIMIT_EXCEEDED)
    return isinstance(error, OperationalError | InterfaceError) and not is_limit


WRITER = Writer(RETENTION.slice)
