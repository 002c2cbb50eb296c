"""Metrics are taken in as the specification has it, counted, and not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from telemetry.otlp import from_json
from telemetry.otlp.protobuf_text import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

NOT_KEPT = "metrics are taken in but not kept here; this is said once to each service"

_SERVICE = "service.name"
_KINDS = ("gauge", "sum", "histogram", "exponentialHistogram", "summary")


def counted(as_json: bool, body: bytes) -> tuple[int, str]:  # noqa: FBT001 (run_in_executor takes no names)
    """Return how many data points a body has, and which services it is of.

    :raises Malformed: it is no ExportMetricsServiceRequest.
    :raises TooLarge: it has too many elements.
    """
    found = list(_json(body) if as_json else _protobuf(body))
    return sum(points for points, _ in found), ", ".join(sorted({name for _, name in found}))


def _protobuf(body: bytes) -> Iterator[tuple[int, str]]:
    for of_resource in parse(ExportMetricsServiceRequest, body).resource_metrics:
        names = [
            pair.value.string_value
            for pair in of_resource.resource.attributes
            if pair.key == _SERVICE
        ]
        metrics = (each for scope in of_resource.scope_metrics for each in scope.metrics)
        yield sum(map(_points, metrics)), "".join(names)


def _points(metric: Metric) -> int:
    kind = metric.WhichOneof("data")
    return len(getattr(metric, kind).data_points) if kind else 0


def _json(body: bytes) -> Iterator[tuple[int, str]]:
    for of_resource in _objects(from_json.parse(body).get("resourceMetrics")):
        resource = of_resource.get("resource")
        attributes = _objects(resource.get("attributes")) if isinstance(resource, dict) else []
        names = [
            str(value.get("stringValue", ""))
            for pair in attributes
            if pair.get("key") == _SERVICE and isinstance(value := pair.get("value"), dict)
        ]
        points = 0
        for scope in _objects(of_resource.get("scopeMetrics")):
            for metric in _objects(scope.get("metrics")):
                data = (metric.get(kind) for kind in _KINDS)
                points += sum(
                    len(_objects(each.get("dataPoints"))) for each in data if isinstance(each, dict)
                )
        yield points, "".join(names)


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; what else a sender puts there has no points."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
