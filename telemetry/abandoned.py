"""Spans that were seen to start and whose process has gone: nobody will send their end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telemetry.models import SpanRow
from telemetry.reading.queries import spans_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.records import Span

_MOST_SPANS = 5_000


@dataclass(frozen=True, slots=True)
class SpanSource:
    """Who sent a span: the service, its instance, and its process id where that is known."""

    service: str
    instance: str
    pid: int | None


def abandoned(has_gone: Callable[[SpanSource, int], bool]) -> list[Span]:
    """Return the open spans whose source has gone, marked ``abandoned`` and ready to be stored.

    ``has_gone`` gets each source, with the time in Unix nanoseconds at which its span began.
    """
    # In the order of the index of open spans: by any other, SQLite looks through all spans.
    rows = SpanRow.objects.filter(state="open").order_by("instance")[:_MOST_SPANS]
    return [
        replace(span, state="abandoned")
        for span in spans_of(rows)
        if has_gone(_source(span), span.start_time_unix_nano)
    ]


def _source(span: Span) -> SpanSource:
    pid = span.resource.attributes.get("process.pid")
    return SpanSource(
        service=span.resource.service_name,
        instance=span.resource.service_instance_id,
        pid=pid if isinstance(pid, int) else None,
    )
