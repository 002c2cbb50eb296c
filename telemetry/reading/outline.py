"""A piece of a trace as the page draws it: rows, without attributes."""

from __future__ import annotations

from typing import Any

from telemetry.reading import queries
from telemetry.reading.wire import OUTLINE_COLUMNS, outline_row


def outline(trace_id: str, *, after: int = 0, limit: int) -> dict[str, Any]:
    """Return the spans that were stored after ``after``, ``limit`` at most.

    ``next`` is None with the last of them, ``last`` where to go on once there is more.
    """
    rows, cursor = queries.trace_outline(trace_id, after=after, limit=limit)
    return {
        "columns": OUTLINE_COLUMNS,
        "rows": [outline_row(row) for row in rows],
        "next": cursor,
        "last": rows[-1][0] if rows else after,
        "total": queries.span_count(trace_id),
    }
