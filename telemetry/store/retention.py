"""Keeping within bounds of age, count and bytes: what arrived first goes first.

It runs in the writer's own thread, between batches and in small slices, so that it never competes
with what is being stored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import Max

from telemetry.models import (
    Arrival,
    Interned,
    LinkRow,
    LogRow,
    SpanRow,
    TraceRow,
    TraceService,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TRACES_A_SLICE = 50
LOGS_A_SLICE = 2_000
_BETWEEN_SLICES_SECONDS = 0.01
_SHARE_KEPT = 0.95
_SECOND_NS = 1_000_000_000
_ARRIVAL_NS = 60 * _SECOND_NS


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be kept: records of each kind, their age, and the room they take."""

    records: int
    age_seconds: int
    bytes: int


def limits() -> Limits:
    """Read the limits from the settings."""
    return Limits(
        records=settings.TELEMETRY_MAX_SPANS,
        age_seconds=settings.TELEMETRY_MAX_AGE_SECONDS,
        bytes=settings.TELEMETRY_MAX_MEGABYTES * 1024 * 1024,
    )


class Retention:
    """Removes what is beyond the limits; ``removed`` counts spans and log records.

    What arrived first goes first. What a person has imported does not grow too old, and goes with
    the rest when room is needed.
    """

    def __init__(self) -> None:
        self.removed = 0
        self._shrinking = False

    def slice(self, allowed: Limits | None = None, *, now_ns: int | None = None) -> bool:
        """Remove one slice of what is beyond the limits; True when there may be more of it."""
        allowed = allowed or limits()
        now_ns = now_ns or time.time_ns()
        too_old = self._arrived_before(now_ns - allowed.age_seconds * _SECOND_NS, now_ns=now_ns)
        self._shrinking = self._too_much(allowed)
        traces = TraceRow.objects.order_by("last_seq")
        if not self._shrinking:
            traces = traces.filter(last_seq__lte=too_old, imported=False)
        ids = list(traces.values_list("trace_id", flat=True)[:TRACES_A_SLICE])
        gone = self.remove_traces(ids)
        gone += self._remove_logs(self._old_logs(too_old, most=allowed.records))
        self.removed += gone
        return gone > 0

    def remove_traces(self, ids: Sequence[str]) -> int:
        """Remove traces whole; return how many spans and log records they had."""
        if not ids:
            return 0
        with transaction.atomic(using=router.db_for_write(SpanRow)):
            spans, _ = SpanRow.objects.filter(trace_id__in=ids).delete()
            logs, _ = LogRow.objects.filter(trace_id__in=ids).delete()
            for of_trace in (LinkRow, TraceService):
                of_trace.objects.filter(trace_id__in=ids).delete()
            TraceRow.objects.filter(trace_id__in=ids).delete()
        return spans + logs

    def remove_services(self, names: Collection[str], *, until_ns: int) -> tuple[int, int]:
        """Remove the traces that one of these services took part in, and their other log records.

        Only what began by ``until_ns``, and nothing that a person has imported. Returns how many
        traces and log records of no trace that was. In slices, between which others may write.
        """
        of_services = TraceService.objects.filter(service__in=names).values("trace_id")
        traces = TraceRow.objects.filter(imported=False, start_ns__lte=until_ns)
        removed = [0, 0]
        while ids := list(
            traces.filter(trace_id__in=of_services).values_list("trace_id", flat=True)[
                :TRACES_A_SLICE
            ]
        ):
            self.remove_traces(ids)
            removed[0] += len(ids)
            time.sleep(_BETWEEN_SLICES_SECONDS)
        logs = LogRow.objects.filter(service__in=names, imported=False, time_ns__lte=until_ns)
        while seqs := list(logs.values_list("seq", flat=True)[:LOGS_A_SLICE]):
            removed[1] += self._remove_logs(seqs)
            time.sleep(_BETWEEN_SLICES_SECONDS)
        # Numbers above those that are left are given anew after a restart.
        Arrival.objects.filter(seq__gt=last_seq()).delete()
        return removed[0], removed[1]

    def _arrived_before(self, oldest_ns: int, *, now_ns: int) -> int:
        """Return the ``seq`` up to which all had arrived by ``oldest_ns``; note where it is now."""
        newest = Arrival.objects.order_by("-seq").first()
        last = last_seq()
        if (
            last
            and (newest is None or newest.at_ns + _ARRIVAL_NS <= now_ns)
            and (newest is None or newest.seq < last)
        ):
            Arrival.objects.create(seq=last, at_ns=now_ns)
        passed = Arrival.objects.filter(at_ns__lte=oldest_ns).order_by("-seq").first()
        if passed is None:
            return 0
        Arrival.objects.filter(seq__lt=passed.seq).delete()
        return passed.seq

    def _old_logs(self, too_old: int, *, most: int) -> list[int]:
        """Choose log records that are left: those of no trace, or whose trace has gone already."""
        excess = LogRow.objects.count() - most
        first = LogRow.objects.order_by("seq").values_list("seq", "imported")
        if excess <= 0:
            first = first.filter(seq__lte=too_old, imported=False)
        return [
            seq
            for place, (seq, imported) in enumerate(first[:LOGS_A_SLICE])
            if place < excess or (seq <= too_old and not imported)
        ]

    def _too_much(self, allowed: Limits) -> bool:
        # Once begun, it goes on a little below the limit, so as not to begin again at once.
        share = _SHARE_KEPT if self._shrinking else 1
        return (
            SpanRow.objects.count() > allowed.records * share
            or used_bytes() > allowed.bytes * share
        )

    def _remove_logs(self, seqs: Sequence[int]) -> int:
        if not seqs:
            return 0
        return LogRow.objects.filter(seq__in=seqs).delete()[0]


def last_seq() -> int:
    """Return the highest ``seq`` that is stored, or 0."""
    return max(model.objects.aggregate(last=Max("seq"))["last"] or 0 for model in (SpanRow, LogRow))


def remove_unused_interned() -> list[int]:
    """Remove resources and scopes that no record names any more; return their numbers."""
    used: set[int] = set()
    for model in (SpanRow, LogRow):
        used.update(model.objects.values_list("resource_id", flat=True).distinct())
        used.update(model.objects.values_list("scope_id", flat=True).distinct())
    unused = [n for n in Interned.objects.values_list("id", flat=True) if n not in used]
    Interned.objects.filter(id__in=unused).delete()
    return unused


def used_bytes() -> int:
    """Return the room that records take: free pages, which new records will fill, left out."""
    with connections[_alias()].cursor() as cursor:
        if connections[_alias()].vendor == "sqlite":
            figures = []
            for pragma in ("page_count", "freelist_count", "page_size"):
                cursor.execute(f"PRAGMA {pragma}")
                figures.append(int(cursor.fetchone()[0]))
            pages, free, size = figures
            return (pages - free) * size
        # Dead rows give their room back to new ones, not to the disk.
        cursor.execute(
            """
            SELECT COALESCE(SUM(pg_total_relation_size(relid)
              * n_live_tup / GREATEST(n_live_tup + n_dead_tup, 1)), 0)::bigint
            FROM pg_stat_user_tables WHERE relname LIKE 'telemetry_%%'""",
            [],
        )
        return int(cursor.fetchone()[0])


def _alias() -> str:
    return router.db_for_write(SpanRow)


RETENTION = Retention()
