"""Faults that are known from elsewhere to have been in force: the roof sets who knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evidence.model.crossing import Crossing
    from telemetry.records import Span

    Source = Callable[[int, int], Iterable["FaultWindow"]]


@dataclass(frozen=True, slots=True)
class FaultWindow:
    """A fault that was in force, in Unix nanoseconds; ``end`` is None while it is.

    ``target`` is a service, or a link by its ends: ``sender->receiver``.
    """

    target: str
    kind: str
    start_unix_nano: int
    end_unix_nano: int | None = None
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)


_REQUEST_STOPPERS = frozenset({"cut", "request_lost"})


def was_stopped(crossing: Crossing, windows: Iterable[FaultWindow]) -> bool:
    """Whether a fault that lets no request through was in force during the whole call."""
    return let_nothing_through(crossing.boundary, crossing.sent_at, crossing.over_at, windows)


def let_nothing_through(
    boundary: str, sent: int | None, over: int | None, windows: Iterable[FaultWindow]
) -> bool:
    """Whether a fault of a link stopped every request from ``sent`` to ``over``."""
    if sent is None or over is None:
        return False
    return any(
        window.target == boundary
        and window.kind in _REQUEST_STOPPERS
        and window.start_unix_nano <= sent
        and (window.end_unix_nano is None or window.end_unix_nano >= over)
        for window in windows
    )


class _Seam:
    source: Source | None = None


def set_source(source: Source | None) -> None:
    """Have ``source`` list the windows between two moments in Unix nanoseconds; None for nobody."""
    _Seam.source = source


def known_windows(spans: Sequence[Span]) -> list[FaultWindow]:
    """List the faults in force at any moment of these spans; none when there is no source."""
    times = [time for span in spans for time in _times(span) if time]
    if _Seam.source is None or not times:
        return []
    return list(_Seam.source(min(times), max(times)))


def _times(span: Span) -> tuple[int, int]:
    return span.start_time_unix_nano, span.end_time_unix_nano
