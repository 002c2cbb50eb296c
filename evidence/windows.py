"""Faults that are known from elsewhere to have been in force; the roof says who knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from evidence.messages import FaultWindow
    from telemetry.records import Span

    Source = Callable[[int, int], Iterable[FaultWindow]]


class _Known:
    source: Source | None = None


def set_source(source: Source | None) -> None:
    """Ask ``source`` for the windows between two moments in Unix nanoseconds."""
    _Known.source = source


def known_windows(spans: Sequence[Span]) -> list[FaultWindow]:
    """List the faults in force at any moment of these spans; none when nobody knows."""
    if _Known.source is None or not spans:
        return []
    first = min(span.start_time_unix_nano for span in spans)
    last = max(max(span.start_time_unix_nano, span.end_time_unix_nano) for span in spans)
    return list(_Known.source(first, last))
