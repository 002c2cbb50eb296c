"""The gauge: how much is stored, how much may be, and what the services could not deliver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, router
from django.db.models import Max

from telemetry.models import LogRow, SpanRow, TraceRow
from telemetry.rows import loads

LOST_MESSAGE = "telemetry lost"
_MAX_LOSSES = 1_000


def stats() -> dict[str, Any]:
    """Return the gauge's figures."""
    return {
        "spans": SpanRow.objects.count(),
        "logs": LogRow.objects.count(),
        "traces": TraceRow.objects.count(),
        "bytes": stored_bytes(),
        "maxBytes": settings.TELEMETRY_MAX_MEGABYTES * 1024 * 1024,
        "maxSpans": settings.TELEMETRY_MAX_SPANS,
        "maxAgeSeconds": settings.TELEMETRY_MAX_AGE_SECONDS,
        "droppedByServices": dropped_by_services(),
    }


def stored_bytes() -> int:
    """Return how much room the telemetry takes on disk."""
    connection = connections[router.db_for_read(SpanRow)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            path = Path(str(connection.settings_dict["NAME"]))
            journal = path.with_name(path.name + "-wal")
            return sum(each.stat().st_size for each in (path, journal) if each.exists())
        cursor.execute("SELECT pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
        return size


def dropped_by_services() -> dict[str, int]:
    """Sum up what each service says that it lost: its instances count from their start."""
    latest = (
        LogRow.objects.filter(msg=LOST_MESSAGE)
        .values("instance")
        .annotate(last=Max("seq"))
        .values_list("last", flat=True)[:_MAX_LOSSES]
    )
    lost: dict[str, int] = {}
    for row in LogRow.objects.filter(seq__in=list(latest)):
        attributes = loads(row.data).get("a", {})
        count = sum(int(attributes.get(f"lab.dropped.{what}", 0)) for what in ("spans", "logs"))
        lost[row.service] = lost.get(row.service, 0) + count
    return lost
