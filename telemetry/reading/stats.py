"""The gauge: how much is stored, how much may be, and what the services could not deliver."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Max

from telemetry.instrument.batching import LOST_LOGS, LOST_MESSAGE, LOST_SPANS
from telemetry.models import LogRow, SpanRow, TraceRow
from telemetry.refused import REFUSED
from telemetry.store.coding import loads
from telemetry.store.retention import RETENTION, used_bytes

_MAX_LOSSES = 1_000
# The largest whole number that JSON's readers all keep.
_MOST_LOST = 2**53 - 1


def stats() -> dict[str, Any]:
    """Return the gauge's figures."""
    return {
        "spans": SpanRow.objects.count(),
        "logs": LogRow.objects.count(),
        "traces": TraceRow.objects.count(),
        "bytes": used_bytes(),
        "maxBytes": settings.TELEMETRY_MAX_MEGABYTES * 1024 * 1024,
        "maxSpans": settings.TELEMETRY_MAX_SPANS,
        "maxAgeSeconds": settings.TELEMETRY_MAX_AGE_SECONDS,
        "removedByRetention": RETENTION.removed,
        "droppedByServices": dropped_by_services(),
        "metricPointsNotKept": REFUSED.metric_points,
        "refused": REFUSED.listed(),
    }


def dropped_by_services() -> dict[str, int]:
    """Sum what each service reports as lost; its instances count from their start."""
    latest = (
        LogRow.objects.filter(msg=LOST_MESSAGE)
        .values("instance")
        .annotate(last=Max("seq"))
        .values_list("last", flat=True)[:_MAX_LOSSES]
    )
    lost: dict[str, int] = {}
    for row in LogRow.objects.filter(seq__in=list(latest)):
        attributes = loads(row.data).get("a", {})
        for what in (LOST_SPANS, LOST_LOGS):
            count = _count(attributes.get(what))
            lost[row.service] = min(lost.get(row.service, 0) + count, _MOST_LOST)
    return lost


def _count(value: object) -> int:
    """Read a count that a sender wrote; what is none counts nothing."""
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return max(0, value)
