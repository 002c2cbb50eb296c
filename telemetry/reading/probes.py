"""Health checks and probes: traces that a machine makes to see whether a service lives.

They are recorded as all others are, and left out of lists unless they are asked for. They are known
by the name of the trace: the method and the route, as the conventions name a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from telemetry.models import LogRow, TraceRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

_ROUTES = ("/healthz", "/readyz", "/livez", "/health", "/health/live", "/health/ready", "/metrics")
_IS_PROBE = Q(name__endswith="grpc.health.v1.Health/Check")
for _method in ("GET", "HEAD"):
    for _route in _ROUTES:
        _IS_PROBE |= Q(name__startswith=f"{_method} ", name__endswith=_route)


def without_probes(traces: QuerySet[TraceRow]) -> QuerySet[TraceRow]:
    """Leave out the traces of probes."""
    return traces.exclude(_IS_PROBE)


def logs_without_probes(logs: QuerySet[LogRow]) -> QuerySet[LogRow]:
    """Leave out the log records of such traces."""
    of_probe = TraceRow.objects.filter(_IS_PROBE, trace_id=OuterRef("trace_id"))
    return logs.filter(~Exists(of_probe))


def probes_among(trace_ids: Iterable[str]) -> set[str]:
    """Return which of these traces are of probes."""
    ids = set(trace_ids) - {""}
    if not ids:
        return set()
    probes = TraceRow.objects.filter(_IS_PROBE, trace_id__in=ids)
    return set(probes.values_list("trace_id", flat=True))
