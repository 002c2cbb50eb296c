"""Who calls whom beside the system's links, as spans tell: for the map.

A service that is no part of the system joins it by a call to, or from, one that is. Looked at are
only spans of such services, as they are stored; those of the system's own stay unread.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import Error, connections
from django.db.models import Q

from base.loops import Loop
from labsite import signals
from systems.current import SYSTEM
from systems.running import RUNNING
from systems.system import CLIENT, UNKNOWN
from telemetry.conventions.names import PORT
from telemetry.models import SpanRow, TraceService
from telemetry.reading import queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LOOK_SECONDS = 1.0
_MOST_SPANS = 500
_MOST_WAITING = 500
_LOOKS = 10
MOST_OTHERS = 6
"""The map has room for no more."""


@dataclass(frozen=True, slots=True)
class _Seen:
    trace_id: str
    span_id: str
    parent_span_id: str
    service: str
    looks: int = 0


class ObservedCalls:
    """Keeps `RUNNING` in step with the calls that spans show."""

    def __init__(self) -> None:
        self._own = {CLIENT, *SYSTEM.service_names}
        self._cursor = 0
        # The other side of a call may be stored seconds later.
        self._waiting: deque[_Seen] = deque(maxlen=_MOST_WAITING)
        self._calls: dict[tuple[str, str], None] = {}
        self._loop = Loop("observed-calls", self._step, every=_LOOK_SECONDS, delay=_LOOK_SECONDS)

    def start(self) -> None:
        """Begin with what is stored from now on."""
        self._cursor = queries.newest_seq()
        self._loop.start()

    def stop(self) -> None:
        """Look no more."""
        self._loop.stop(seconds=1)

    def forget(self) -> None:
        """Begin anew."""
        self._calls.clear()
        self._waiting.clear()
        self._announce()

    def look(self) -> None:
        """Read what was stored since the last look."""
        newest = queries.newest_seq()
        if newest > self._cursor:
            self._find_callers(newest)
            self._read(newest)
        found = False
        waiting = list(self._waiting)
        self._waiting.clear()
        of_own = self._traces_with_own({seen.trace_id for seen in waiting})
        for seen in waiting:
            is_near = seen.trace_id in of_own
            calls = [each for each in _calls_of(seen) if self._own & set(each)] if is_near else []
            for each in calls:
                found = found or each not in self._calls
                self._calls[each] = None
            if not calls and seen.looks < _LOOKS:
                self._waiting.append(replace(seen, looks=seen.looks + 1))
        if found:
            self._announce()

    def _find_callers(self, newest: int) -> None:
        """Find out who calls a link of which nobody has said it, by the port that is called."""
        spans = SpanRow.objects.filter(seq__gt=self._cursor, seq__lte=newest, kind="CLIENT")
        for link in RUNNING.system.links:
            if link.sender == UNKNOWN:
                named = [
                    Q(data__contains=f'"{name}":{link.port}{end}') for name in PORT for end in ",}"
                ]
                caller = spans.filter(reduce(or_, named)).values_list("service", flat=True).first()
                if caller:
                    RUNNING.callers = {**RUNNING.callers, link.port: caller}

    def _read(self, newest: int) -> None:
        fields = ("trace_id", "span_id", "parent_span_id", "service")
        rows = (
            SpanRow.objects.filter(seq__gt=self._cursor, seq__lte=newest)
            .exclude(service__in=self._own)
            .filter(kind__in=("CLIENT", "SERVER", "PRODUCER", "CONSUMER"))
            .order_by("seq")
        )
        self._waiting.extend(_Seen(*row) for row in rows.values_list(*fields)[:_MOST_SPANS])
        self._cursor = newest

    def _traces_with_own(self, trace_ids: Collection[str]) -> set[str]:
        """Return those of the traces that a service of the system takes part in.

        Asked of all at once: of other applications' telemetry, which comes by the thousand, none.
        """
        if not trace_ids:
            return set()
        rows = TraceService.objects.filter(trace_id__in=trace_ids, service__in=self._own)
        return set(rows.values_list("trace_id", flat=True))

    def _announce(self) -> None:
        linked = {(each.sender, each.receiver) for each in RUNNING.system.links}
        calls = [each for each in _bounded(self._calls, self._own) if each not in linked]
        if RUNNING.saw_calls(calls):
            signals.system_changed.send_robust(type(self), frame={"type": "system"})

    def _step(self) -> None:
        try:
            self.look()
        except Error:
            connections.close_all()
            raise


def _calls_of(seen: _Seen) -> set[tuple[str, str]]:
    """Return the calls between ``seen`` and spans of other services, callers first."""
    of_trace = SpanRow.objects.filter(trace_id=seen.trace_id).exclude(service=seen.service)
    callers = of_trace.filter(span_id=seen.parent_span_id).values_list("service", flat=True)
    callees = of_trace.filter(parent_span_id=seen.span_id).values_list("service", flat=True)
    found = {(each, seen.service) for each in callers[:2]} if seen.parent_span_id else set()
    return found | {(seen.service, each) for each in callees[:_LOOKS]}


def _bounded(calls: Iterable[tuple[str, str]], own: set[str]) -> Iterable[tuple[str, str]]:
    others: set[str] = set()
    for each in calls:
        together = others | (set(each) - own)
        if len(together) <= MOST_OTHERS:
            others = together
            yield each


OBSERVED_CALLS = ObservedCalls()
