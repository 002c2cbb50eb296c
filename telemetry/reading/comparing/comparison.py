"""Two traces beside each other: the same steps in one row, and what only one of them has."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import F

from telemetry.models import SpanRow
from telemetry.reading.comparing.steps import Step, steps_of
from telemetry.reading.comparing.tree import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ROWS = 100_000
"""Of more steps those of the lowest depths are kept."""
COLUMNS = ("depth", "service", "name", "a", "b")
"""What each member of a row is; ``a`` and ``b`` are None where that trace lacks the step."""
SIDE_COLUMNS = ("count", "errors", "totalMs", "selfMs", "slowest", "errorKinds")
"""What each member of ``a`` and ``b`` is; ``slowest`` is a span's id, service and kind."""
_LONGEST_NAME = 300
# Two large traces take memory for all their spans.
_ONE_AT_A_TIME = Lock()

Row = tuple[int, str, str, list[Any] | None, list[Any] | None]


def compare(a: str, b: str) -> dict[str, Any]:
    """Compare two traces step by step, in the order of a tree.

    ``left_out`` counts the steps beyond `MOST_ROWS`.
    """
    with _ONE_AT_A_TIME:
        first = steps_of(_spans(a))
        second = first if a == b else steps_of(_spans(b))
    rows = list(rows_of(first, second))
    kept = _shallowest(rows)
    return {
        "columns": COLUMNS,
        "sideColumns": SIDE_COLUMNS,
        "rows": kept,
        "leftOut": len(rows) - len(kept),
    }


def rows_of(first: Step, second: Step) -> Iterator[Row]:
    """Align the steps below two; what only the second has follows what it follows there."""
    waiting = [*reversed(_pairs(first, second))]
    while waiting:
        (service, name), one, other = waiting.pop()
        depth = (one or other or Step()).depth - 1
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        yield depth, service, short, _side(one), _side(other)
        waiting.extend(reversed(_pairs(one or Step(), other or Step())))


def _pairs(first: Step, second: Step) -> list[tuple[tuple[str, str], Step | None, Step | None]]:
    followers: dict[tuple[str, str] | None, list[tuple[str, str]]] = {}
    common = None
    for key in second.below:
        if key in first.below:
            common = key
        else:
            followers.setdefault(common, []).append(key)
    keys = list(followers.get(None, ()))
    for key in first.below:
        keys += [key, *followers.get(key, ())]
    return [(key, first.below.get(key), second.below.get(key)) for key in keys]


def _side(step: Step | None) -> list[Any] | None:
    if step is None:
        return None
    slowest = step.slowest
    key = f"{slowest.span_id} {slowest.service} {slowest.kind}" if slowest else ""
    times = round(step.total_ns / 1e6, 6), round(step.self_ns / 1e6, 6)
    return [step.count, step.failed, *times, key, step.kinds]


def _shallowest(rows: list[Row]) -> list[Row]:
    if len(rows) <= MOST_ROWS:
        return rows
    depths = sorted(row[0] for row in rows)
    deepest = depths[MOST_ROWS]
    kept = [row for row in rows if row[0] < deepest]
    # A level that does not fit whole is cut; without it there is none below.
    return kept or rows[:MOST_ROWS]


def _spans(trace_id: str) -> list[Timed]:
    columns = (
        "span_id",
        "parent_span_id",
        "name",
        "kind",
        "service",
        "start_ns",
        "end_ns",
        "status",
        "error_kind",
    )
    # Added to nothing, the key does not tempt SQLite to go through every trace in its order.
    rows = SpanRow.objects.filter(trace_id=trace_id).order_by(F("seq") + 0).values_list(*columns)
    return [Timed(*row) for row in rows.iterator(chunk_size=10_000)]
