"""Clocks that disagree: the signs of it, and records with their clocks moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evidence.model.trace import NANOS_PER_MS, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evidence.model.crossing import Crossing
    from telemetry.records import LogRecord, Span

# Clocks of one machine are read a little apart: up to this they agree.
_TOLERANCE = 2 * NANOS_PER_MS


def disagreement_ms(crossing: Crossing) -> int:
    """The least by which the clocks of sender and receiver must disagree, in milliseconds."""
    sent, over = crossing.sent_at, crossing.over_at
    if sent is None or not crossing.arrivals:
        return 0
    gaps = [sent - moment(arrival) for arrival in crossing.arrivals]
    if crossing.succeeded and over is not None and len(crossing.arrivals) == 1:
        gaps.append(crossing.arrivals[0].end_time_unix_nano - over)
    worst = max(gaps)
    return round(worst / NANOS_PER_MS) if worst > _TOLERANCE else 0


def clocks_disagree(crossing: Crossing) -> bool:
    """Whether times of sender and receiver can't be compared."""
    return disagreement_ms(crossing) > 0


def worst_disagreement(crossings: Iterable[Crossing]) -> Crossing | None:
    """The crossing that shows the greatest disagreement, if any does."""
    worst = max(crossings, key=disagreement_ms, default=None)
    return worst if worst is not None and clocks_disagree(worst) else None


def moved_spans(spans: Iterable[Span], offsets: Mapping[str, int]) -> list[Span]:
    """Add to the times of each service's spans what its clock is moved by, in nanoseconds."""
    return [_moved_span(span, offsets.get(span.resource.service_name, 0)) for span in spans]


def moved_logs(logs: Iterable[LogRecord], offsets: Mapping[str, int]) -> list[LogRecord]:
    """Do the same for log records."""
    found = []
    for log in logs:
        offset = offsets.get(log.resource.service_name, 0)
        found.append(
            replace(
                log,
                time_unix_nano=_moved(log.time_unix_nano, offset),
                observed_time_unix_nano=_moved(log.observed_time_unix_nano, offset),
            )
        )
    return found


def _moved(time: int, offset: int) -> int:
    """``time`` by a clock that is moved; 0 is no time on record, and stays so."""
    return max(1, time + offset) if time else 0


def _moved_span(span: Span, offset: int) -> Span:
    if not offset:
        return span
    return replace(
        span,
        start_time_unix_nano=_moved(span.start_time_unix_nano, offset),
        end_time_unix_nano=_moved(span.end_time_unix_nano, offset),
        events=[
            replace(event, time_unix_nano=_moved(event.time_unix_nano, offset))
            for event in span.events
        ],
    )
