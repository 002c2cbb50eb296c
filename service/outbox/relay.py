"""Sending the entries of an outbox: any number of relays at once, each entry leased by one."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import connections, router, transaction
from django.db.models import F
from django.utils import timezone
from opentelemetry.context import attach, detach
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from base.loops import Loop, attempt
from service.outbox.entry import Entry, free_at, lease_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

E = TypeVar("E", bound=Entry)

_BATCH_SIZE = 5
_IDLE_SECONDS = 0.5
_FIRST_WAIT_SECONDS = 0.1
_MAX_WAIT_SECONDS = 3.0
_MAX_DOUBLINGS = 8
_PROPAGATOR = TraceContextTextMapPropagator()


class Relay(Generic[E]):
    """Sends the entries of one table by ``send``, which returns whether one was acknowledged."""

    def __init__(self, model: type[E], send: Callable[[E], bool]) -> None:
        self._model = model
        self._send = send
        self._loop = Loop(f"relay-{model._meta.label_lower}", self._step)

    def start(self) -> None:
        """Start to relay in a thread of its own."""
        self._loop.start()

    def stop(self) -> None:
        """Request the end after the current entry, without waiting; safe in a signal handler."""
        self._loop.request_stop()

    def run(self) -> None:
        """Relay until `stop`."""
        self._loop.run()

    def _step(self) -> float:
        return 0.0 if self.once() else _IDLE_SECONDS

    def once(self) -> int:
        """Send what is due; return the number of entries. One that raises is due again.

        Each is claimed just before it is sent, so that no lease expires while others are sent.
        """
        sent = 0
        while sent < _BATCH_SIZE and not self._loop.stopping:
            claimed = self._claim()
            if claimed is None:
                break
            entry, leased_until = claimed
            token = attach(_PROPAGATOR.extract({"traceparent": entry.traceparent}))
            try:
                acknowledged = bool(attempt(self._loop.name, partial(self._send, entry)))
            finally:
                detach(token)
            self._settle(entry, acknowledged=acknowledged, leased_until=leased_until)
            sent += 1
        return sent

    def settle_first(self, entry: E, *, acknowledged: bool) -> None:
        """Delete or reschedule an entry whose creator made the first attempt."""
        self._settle(entry, acknowledged=acknowledged, leased_until=entry.leased_until)

    @property
    def _alias(self) -> str:
        return router.db_for_write(self._model)

    def _claim(self) -> tuple[E, datetime] | None:
        """Claim the entry that has been due for longest; return it, and the end of its lease."""
        now = timezone.now()
        leased_until = lease_from(now)
        free = self._model._default_manager.filter(free_at(now)).order_by("due_at")
        if connections[self._alias].features.has_select_for_update_skip_locked:
            if not free.exists():
                # At rest it only looks: a transaction costs two more calls across the network.
                return None
            with transaction.atomic(using=self._alias):
                entry = free.select_for_update(skip_locked=True).first()
                if entry is None:
                    return None
                self._rows(entry).update(leased_until=leased_until)
            return entry, leased_until
        for entry in free[:_BATCH_SIZE]:
            # The first to update the row has claimed it: the others find it leased.
            if self._rows(entry).filter(free_at(now)).update(leased_until=leased_until):
                return entry, leased_until
        return None

    def _settle(self, entry: E, *, acknowledged: bool, leased_until: datetime) -> None:
        rows = self._rows(entry)
        if acknowledged:
            rows.delete()
            return
        now = timezone.now()
        wait = wait_seconds(entry.attempts)
        # Once its lease is over, another relay may have claimed it, and settles it.
        rows.filter(leased_until=leased_until).update(
            attempts=F("attempts") + 1, due_at=now + timedelta(seconds=wait), leased_until=now
        )

    def _rows(self, entry: E) -> QuerySet[E]:
        return self._model._default_manager.filter(pk=entry.pk)


def wait_seconds(attempts: int) -> float:
    """Return the wait before the next attempt: exponential, with full jitter, bounded."""
    most = min(_MAX_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** min(attempts, _MAX_DOUBLINGS))
    return random.uniform(0, most)  # noqa: S311 (spreads calls, keeps no secret)


def current_traceparent() -> str:
    """Return the current span's ``traceparent``, so that what is sent later joins its trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent", "")
