"""How the traces of a filter are spread: over durations, and over time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from telemetry.reading import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 5_000
"""Of more traces, the newest are counted."""
_A_DECADE = 8
_MOMENTS = 60
_LEAST_MS = 0.01
_NS_A_MS = 1_000_000
_PERCENTILES = (50, 95, 99)


def distribution(trace_filter: search.TraceFilter) -> dict[str, Any]:
    """Count the traces that match by their durations and by when they began.

    ``more`` says that there are others, older than those.
    """
    found = search.matching(trace_filter).order_by("-start_ns", "-trace_id")
    rows = list(found.values_list("start_ns", "end_ns", "error_count")[: MOST + 1])
    counted = [
        (start, max(_LEAST_MS, (end - start) / _NS_A_MS), errors > 0)
        for start, end, errors in rows[:MOST]
    ]
    return {
        "count": len(counted),
        "errorCount": sum(failed for _start, _ms, failed in counted),
        "more": len(rows) > MOST,
        "durations": _durations([(ms, failed) for _start, ms, failed in counted]),
        "moments": _moments([(start, failed) for start, _ms, failed in counted]),
    }


def _durations(counted: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Buckets of equal width on a logarithmic scale, which begins and ends with a decade."""
    if not counted:
        return {"buckets": [], "percentiles": {}}
    ordered = sorted(ms for ms, _failed in counted)
    first = math.floor(math.log10(ordered[0]))
    last = max(first + 1, math.ceil(math.log10(ordered[-1])))
    size = (last - first) * _A_DECADE
    edges = [10 ** (first + at / _A_DECADE) for at in range(size + 1)]
    placed = (
        (min(size - 1, int((math.log10(ms) - first) * _A_DECADE)), failed) for ms, failed in counted
    )
    buckets = [
        {"fromMs": edges[at], "toMs": edges[at + 1], **counts}
        for at, counts in enumerate(_counted(placed, size=size))
    ]
    percentiles = {
        f"p{each}": ordered[min(len(ordered) - 1, len(ordered) * each // 100)]
        for each in _PERCENTILES
    }
    return {"buckets": buckets, "percentiles": percentiles}


def _moments(counted: Sequence[tuple[int, bool]]) -> dict[str, Any]:
    """Buckets of equal width, from the first start to the last."""
    if not counted:
        return {"buckets": []}
    first, last = min(counted)[0], max(counted)[0]
    whole = max(1, last - first)
    placed = (
        (min(_MOMENTS - 1, (start - first) * _MOMENTS // whole), failed)
        for start, failed in counted
    )
    return {
        "fromUnixNano": str(first),
        "toUnixNano": str(last),
        "buckets": _counted(placed, size=_MOMENTS),
    }


def _counted(placed: Iterable[tuple[int, bool]], *, size: int) -> list[dict[str, int]]:
    buckets = [{"count": 0, "errorCount": 0} for _ in range(size)]
    for at, failed in placed:
        buckets[at]["count"] += 1
        buckets[at]["errorCount"] += failed
    return buckets
