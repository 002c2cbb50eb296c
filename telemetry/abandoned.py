"""Spans that were seen to start and whose process has gone: their end will never be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telemetry.models import SpanRow
from telemetry.queries import spans_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.records import Span

_MOST_SPANS = 5_000


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told of a span: the service, its instance, and its process id where it says so."""

    service: str
    instance: str
    pid: int | None


def abandoned(has_gone: Callable[[Teller, int], bool]) -> list[Span]:
    """Return the open spans whose teller has gone, marked ``abandoned`` and ready to be stored.

    ``has_gone`` is asked of each teller, with the time in Unix nanoseconds at which its span began.
    """
    # In the order of the index of open spans: by any other, SQLite looks through all spans.
    rows = SpanRow.objects.filter(state="open").order_by("instance")[:_MOST_SPANS]
    return [
        replace(span, state="abandoned")
        for span in spans_of(rows)
        if has_gone(_teller(span), span.start_time_unix_nano)
    ]


def _teller(span: Span) -> Teller:
    pid = span.resource.attributes.get("process.pid")
    return Teller(
        service=span.resource.service_name,
        instance=span.resource.service_instance_id,
        pid=pid if isinstance(pid, int) else None,
    )
