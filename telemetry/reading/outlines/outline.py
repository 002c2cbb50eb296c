"""What the page draws of a trace, without attributes: rows in pieces, or all of it packed."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, Final

from telemetry.reading import queries
from telemetry.reading.outlines.packed import pack
from telemetry.reading.wire import OUTLINE_COLUMNS, outline_row

_MOST_KEPT_BYTES: Final = 64 * 1024 * 1024


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


class PackedOutlines:
    """Traces that were packed, each until a record of it comes or goes; the oldest leave."""

    def __init__(self, most_bytes: int = _MOST_KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, tuple[tuple[int, int], bytes]] = OrderedDict()
        # Two readers of one trace do not pack it twice, nor two traces at once.
        self._lock = Lock()

    def of(self, trace_id: str) -> bytes:
        """Return a trace's outline, packed."""
        with self._lock:
            state = queries.span_state(trace_id)
            known = self._kept.pop(trace_id, None)
            if known is None or known[0] != state:
                known = state, pack(trace_id)
            self._kept[trace_id] = known
            while len(self._kept) > 1 and self._size() > self._most_bytes:
                self._kept.popitem(last=False)
            return known[1]

    def _size(self) -> int:
        return sum(len(packed) for _, packed in self._kept.values())


PACKED = PackedOutlines()
