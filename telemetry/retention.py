"""Keeping within bounds: what is oldest goes first, by age, by count and by bytes.

It runs in the writer's own thread, between batches and in small slices, so that it never competes
with what is being stored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections, router, transaction

from telemetry.models import Interned, LogRow, SpanRow, TraceRow, TraceService

if TYPE_CHECKING:
    from collections.abc import Sequence

TRACES_A_SLICE = 50
LOGS_A_SLICE = 2_000
_SHARE_KEPT = 0.95


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
    """Removes what is beyond the limits; ``removed`` counts spans and log records."""

    def __init__(self) -> None:
        self.removed = 0
        self._shrinking = False

    def slice(self, allowed: Limits | None = None, *, now_ns: int | None = None) -> bool:
        """Remove one slice of what is beyond the limits; True when there may be more of it."""
        allowed = allowed or limits()
        oldest = (now_ns or time.time_ns()) - allowed.age_seconds * 1_000_000_000
        self._shrinking = self._too_much(allowed)
        traces = TraceRow.objects.order_by("start_ns", "trace_id")
        old = traces if self._shrinking else traces.filter(start_ns__lt=oldest, end_ns__lt=oldest)
        ids = list(old.values_list("trace_id", flat=True)[:TRACES_A_SLICE])
        gone = self._remove_traces(ids) if ids else 0
        gone += self._remove_logs(self._old_lines(oldest, most=allowed.records))
        self.removed += gone
        return gone > 0

    def _old_lines(self, oldest_ns: int, *, most: int) -> list[int]:
        """Choose lines that are left: those of no trace, or whose trace has gone already."""
        excess = LogRow.objects.count() - most
        first = LogRow.objects.order_by("seq").values_list("seq", "time_ns")[:LOGS_A_SLICE]
        return [seq for n, (seq, time_ns) in enumerate(first) if n < excess or time_ns < oldest_ns]

    def _too_much(self, allowed: Limits) -> bool:
        # Once begun, it goes on a little below the limit, so as not to begin again at once.
        share = _SHARE_KEPT if self._shrinking else 1
        return (
            SpanRow.objects.count() > allowed.records * share
            or used_bytes() > allowed.bytes * share
        )

    def _remove_traces(self, ids: Sequence[str]) -> int:
        with transaction.atomic(using=router.db_for_write(SpanRow)):
            spans = SpanRow.objects.filter(trace_id__in=ids)._raw_delete(_alias())
            logs = LogRow.objects.filter(trace_id__in=ids)._raw_delete(_alias())
            TraceService.objects.filter(trace_id__in=ids)._raw_delete(_alias())
            TraceRow.objects.filter(trace_id__in=ids)._raw_delete(_alias())
        return int(spans + logs)

    def _remove_logs(self, seqs: Sequence[int]) -> int:
        if not seqs:
            return 0
        return int(LogRow.objects.filter(seq__in=seqs)._raw_delete(_alias()))


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
