"""How long a span took beside others of its kind: of its service, name and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from telemetry.models import SpanRow
from telemetry.reading.queries import newest_seq

if TYPE_CHECKING:
    from telemetry.records import Span

MOST_RECORDS = 20_000
"""Among how many of the newest records others are looked for."""


def rank(span: Span) -> dict[str, int] | None:
    """Return how many of its kind have ended, itself included, and how many it was slower than.

    None for one that has no length.
    """
    length = span.end_time_unix_nano - span.start_time_unix_nano
    if not span.end_time_unix_nano or not span.start_time_unix_nano or length < 0:
        return None
    found = SpanRow.objects.filter(
        seq__gt=newest_seq() - MOST_RECORDS,
        service=span.resource.service_name,
        name=span.name,
        kind=span.kind,
        end_ns__gt=0,
        start_ns__gt=0,
    ).aggregate(
        count=Count("seq"),
        slower_than=Count("seq", filter=Q(end_ns__lt=F("start_ns") + length)),
    )
    return {"count": found["count"], "slowerThan": found["slower_than"]}
