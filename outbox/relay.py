"""Telling what is in an outbox: any number of relays at once, each entry in the hands of one."""

from __future__ import annotations

import logging
import random
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import Error, connections, router, transaction
from django.db.models import F
from django.utils import timezone
from opentelemetry.context import attach, detach
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from outbox.entry import Entry, lease_from

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("outbox")

E = TypeVar("E", bound=Entry)

_A_ROUND = 5
_IDLE_SECONDS = 0.5
_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 3.0
_LONGEST_DOUBLING = 8
_PROPAGATOR = TraceContextTextMapPropagator()


class Relay(Generic[E]):
    """Tells the entries of one table by ``tell``, which says whether an entry was heard."""

    def __init__(self, model: type[E], tell: Callable[[E], bool]) -> None:
        self._model = model
        self._tell = tell
        self._wake = threading.Event()
        self._stopping = False

    def start(self) -> None:
        """Relay in a thread of its own from now on."""
        threading.Thread(target=self.run, name=f"{self._model._meta.label}", daemon=True).start()

    def stop(self) -> None:
        """End after the entry in hand."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Relay until `stop`."""
        while not self._stopping:
            try:
                busy = self.once()
            except Error as error:
                log.warning("the outbox could not be read: %s", error)
                connections[self._alias].close()
                busy = 0
            if not busy:
                self._wake.wait(_IDLE_SECONDS)
                self._wake.clear()

    def once(self) -> int:
        """Tell what is due; return how many entries that were."""
        taken = self._take()
        for entry in taken:
            if self._stopping:
                self._give_back(entry)
                continue
            token = attach(_PROPAGATOR.extract({"traceparent": entry.traceparent}))
            try:
                self._settle(entry, heard=self._tell(entry))
            finally:
                detach(token)
        return len(taken)

    def settle_first(self, entry: E, *, heard: bool) -> None:
        """Put away or give back an entry that its maker has tried to tell itself."""
        self._settle(entry, heard=heard)

    @property
    def _alias(self) -> str:
        return router.db_for_write(self._model)

    def _take(self) -> list[E]:
        now = timezone.now()
        free = self._model._default_manager.filter(due_at__lte=now, leased_until__lte=now)
        free = free.order_by("due_at")
        if connections[self._alias].features.has_select_for_update_skip_locked:
            with transaction.atomic(using=self._alias):
                taken = list(free.select_for_update(skip_locked=True)[:_A_ROUND])
                ids = [entry.pk for entry in taken]
                self._model._default_manager.filter(pk__in=ids).update(leased_until=lease_from(now))
            return taken
        # Who changes the row first has it: the others find it leased.
        return [
            entry
            for entry in free[:_A_ROUND]
            if self._model._default_manager.filter(pk=entry.pk, leased_until__lte=now).update(
                leased_until=lease_from(now)
            )
        ]

    def _give_back(self, entry: E) -> None:
        self._model._default_manager.filter(pk=entry.pk).update(leased_until=timezone.now())

    def _settle(self, entry: E, *, heard: bool) -> None:
        row = self._model._default_manager.filter(pk=entry.pk)
        if heard:
            row.delete()
            return
        now = timezone.now()
        wait = wait_seconds(entry.attempts)
        row.update(
            attempts=F("attempts") + 1, due_at=now + timedelta(seconds=wait), leased_until=now
        )
        self._wake.set()


def wait_seconds(attempts: int) -> float:
    """Wait before the next attempt: exponential, with full jitter, bounded."""
    most = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** min(attempts, _LONGEST_DOUBLING))
    return random.uniform(0, most)  # noqa: S311 (spreads calls, keeps no secret)


def current_traceparent() -> str:
    """Return the current span's ``traceparent``, by which what is told later joins its trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent", "")
