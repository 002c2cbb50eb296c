"""Reading what is stored: a trace whole or in pieces, logs, lists; each within a limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import router
from django.db.models import Count, F, Max, Q

from telemetry.models import Interned, LogRow, SpanRow, TraceRow, TraceService
from telemetry.reading.joining import joined, of_trace
from telemetry.store.coding import loads
from telemetry.store.rows import log_record, span_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import QuerySet

    from telemetry.records import LogRecord, Span

MAX_TRACE_RECORDS = 20_000

OUTLINE = (
    "seq",
    "span_id",
    "parent_span_id",
    "name",
    "kind",
    "service",
    "start_ns",
    "end_ns",
    "status",
    "state",
    "data",
)
"""A span's place in the tree, its times and how it ended; ``data`` has its events."""


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """One line of the list of traces."""

    row: TraceRow
    services: Sequence[TraceService]


def trace_records(
    trace_id: str, *, limit: int = MAX_TRACE_RECORDS
) -> tuple[list[Span], list[LogRecord], bool]:
    """Return a trace's spans by start, its logs by time, and whether ``limit`` cut either."""
    spans = SpanRow.objects.filter(trace_id=trace_id)
    logs = LogRow.objects.filter(of_trace(trace_id)).order_by("time_ns", "seq")[: limit + 1]
    # Keys are put into order, of which those that are wanted are read: a row is large.
    keys = spans.order_by("start_ns", "seq").values("seq")[: limit + 1]
    span_rows = list(SpanRow.objects.filter(seq__in=keys).order_by("start_ns", "seq"))
    log_rows = list(logs)
    truncated = len(span_rows) > limit or len(log_rows) > limit
    return spans_of(span_rows[:limit]), joined(logs_of(log_rows[:limit]), trace_id), truncated


def trace_pieces(trace_id: str, *, after: int, limit: int) -> tuple[list[Span], int | None]:
    """Return the next spans of a trace in the order in which they were stored, and the cursor."""
    rows = list(_after(trace_id, after=after, limit=limit + 1))
    page = rows[:limit]
    return spans_of(page), page[-1].seq if len(rows) > limit else None


def trace_outline(
    trace_id: str, *, after: int, limit: int
) -> tuple[list[tuple[Any, ...]], int | None]:
    """Return the next spans of a trace as bare columns, `OUTLINE`, and the cursor."""
    rows = list(_after(trace_id, after=after, limit=limit + 1).values_list(*OUTLINE))
    page = rows[:limit]
    return page, page[-1][0] if len(rows) > limit else None


def outline_pieces(
    trace_id: str, *, limit: int, piece: int
) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Read the first spans of a trace as bare columns, `OUTLINE`, in pieces of one statement.

    To ask for each piece would look through the keys of the whole trace each time.
    """
    rows = _after(trace_id, after=0, limit=limit).values_list(*OUTLINE).iterator(chunk_size=piece)
    while found := tuple(islice(rows, piece)):
        yield found


def _after(trace_id: str, *, after: int, limit: int) -> QuerySet[SpanRow]:
    # Added to nothing, the key does not tempt SQLite to go through every trace in its order: the
    # index over traces and spans answers this alone, and the rows are then read by their keys.
    keys = (
        SpanRow.objects.filter(trace_id=trace_id)
        .alias(place=F("seq") + 0)
        .filter(place__gt=after)
        .order_by("place")
        .values("seq")[:limit]
    )
    return SpanRow.objects.filter(seq__in=keys).order_by("seq")


def span_count(trace_id: str) -> int:
    """Return how many spans of a trace are stored."""
    return SpanRow.objects.filter(trace_id=trace_id).count()


def span_state(trace_id: str) -> tuple[int, int]:
    """Return the last ``seq`` of a trace's spans and their number: they tell whether it changed."""
    spans = SpanRow.objects.filter(trace_id=trace_id)
    found = spans.aggregate(last=Max("seq"), count=Count("seq"))
    return found["last"] or 0, found["count"]


def span(trace_id: str, span_id: str, **only: str) -> Span | None:
    """Return one span, the first that was stored, or None; ``only`` are columns that it must have.

    A call's two sides may share one id.
    """
    row = SpanRow.objects.filter(trace_id=trace_id, span_id=span_id, **only).first()
    return None if row is None else spans_of([row])[0]


def records_after(cursor: int, *, limit: int) -> tuple[list[Span], list[LogRecord], int]:
    """Return what was stored after ``cursor``, ``limit`` records at most, and the new cursor."""
    spans = list(SpanRow.objects.filter(seq__gt=cursor).order_by("seq")[:limit])
    logs = list(LogRow.objects.filter(seq__gt=cursor).order_by("seq")[:limit])
    seqs = sorted([row.seq for row in spans] + [row.seq for row in logs])[:limit]
    if not seqs:
        return [], [], cursor
    last = seqs[-1]
    return (
        spans_of(row for row in spans if row.seq <= last),
        logs_of(row for row in logs if row.seq <= last),
        last,
    )


def newest_seq() -> int:
    """Return the highest ``seq`` that is stored, or 0 when nothing is."""
    return max(
        model.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        for model in (SpanRow, LogRow)
    )


def oldest_seq() -> int:
    """Return the lowest ``seq`` that is still stored, or 0 when nothing is."""
    span = SpanRow.objects.order_by("seq").values_list("seq", flat=True).first()
    log = LogRow.objects.order_by("seq").values_list("seq", flat=True).first()
    return min((seq for seq in (span, log) if seq is not None), default=0)


def summaries(rows: Iterable[TraceRow]) -> list[TraceSummary]:
    """Add to each trace the services that it went through."""
    listed = list(rows)
    by_trace: dict[str, list[TraceService]] = {row.trace_id: [] for row in listed}
    for service in TraceService.objects.filter(trace_id__in=list(by_trace)).order_by("service"):
        by_trace[service.trace_id].append(service)
    return [TraceSummary(row, by_trace[row.trace_id]) for row in listed]


def summaries_of_orders(order_ids: Sequence[str]) -> dict[str, TraceSummary]:
    """Return the newest trace of each order that has one."""
    rows = TraceRow.objects.filter(order_id__in=list(order_ids)).order_by("start_ns")
    return {each.row.order_id: each for each in summaries(rows)}


def orders_of_traces(trace_ids: Sequence[str]) -> list[str]:
    """Return the orders that these traces are of; most have none."""
    if not trace_ids:
        return []
    of_orders = TraceRow.objects.filter(trace_id__in=trace_ids).exclude(order_id="")
    return list(of_orders.values_list("order_id", flat=True))


def logs_page(
    rows: QuerySet[LogRow], *, before: int | None, limit: int
) -> tuple[list[LogRecord], int | None]:
    """Return the newest logs of ``rows`` in order of time, and the cursor of the page before."""
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: limit + 1])
    page = found[:limit]
    cursor = page[-1].seq if len(found) > limit else None
    return sorted(logs_of(page), key=lambda log: (log.time_unix_nano, log.seq)), cursor


def matching_text(text: str) -> Q:
    """Select log rows that contain ``text`` in message or attributes."""
    return Q(msg__icontains=text) | Q(data__icontains=text)


def spans_of(rows: Iterable[SpanRow]) -> list[Span]:
    """Turn rows into spans."""
    return [span_record(row, interned) for row in rows]


def logs_of(rows: Iterable[LogRow]) -> list[LogRecord]:
    """Turn rows into log records."""
    return [log_record(row, interned) for row in rows]


def interned(number: int) -> dict[str, Any]:
    """Return the resource or the scope that is kept under ``number``."""
    return _interned(router.db_for_read(Interned), number)


@lru_cache(maxsize=4_096)
def _interned(alias: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = loads(Interned.objects.using(alias).get(id=number).data)
    return found
