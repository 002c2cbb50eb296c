"""Metrics are taken in, counted and not kept, so that no SDK writes errors for ever."""

from __future__ import annotations

import json
import secrets

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)

from telemetry.refused import REFUSED
from tests.telemetry.otlp.requests_to_endpoint import ask

KINDS = ("gauge", "sum", "histogram", "exponentialHistogram", "summary")


def as_json(service: str) -> bytes:
    """Two data points of each kind, in JSON."""
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    metrics = [{"name": kind, kind: {"dataPoints": [{}, {}]}} for kind in KINDS]
    body = {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": metrics}]}]}
    return json.dumps(body).encode()


def as_protobuf(service: str) -> bytes:
    """The same in protobuf."""
    request = ExportMetricsServiceRequest()
    of_resource = request.resource_metrics.add()
    of_resource.resource.attributes.add(key="service.name").value.string_value = service
    metrics = of_resource.scope_metrics.add().metrics
    for kind in ("gauge", "sum", "histogram", "exponential_histogram", "summary"):
        points = getattr(metrics.add(name=kind), kind).data_points
        points.add()
        points.add()
    metrics.add(name="of no kind")
    body: bytes = request.SerializeToString()
    return body


async def test_in_json_they_are_counted_and_the_sender_is_told_once() -> None:
    body, before = as_json(secrets.token_hex(4)), REFUSED.metric_points
    first = await ask("/v1/metrics", body, content_type="application/json")
    second = await ask("/v1/metrics", body, content_type="application/json")
    partial = json.loads(first.body)["partialSuccess"]
    assert (first.status, partial["rejectedDataPoints"]) == (200, "10")
    assert "not kept" in partial["errorMessage"]
    assert (second.status, second.body) == (200, b"{}")
    assert REFUSED.metric_points == before + 20


async def test_in_protobuf_they_are_counted_and_the_sender_is_told_once() -> None:
    body, before = as_protobuf(secrets.token_hex(4)), REFUSED.metric_points
    first = await ask("/v1/metrics", body, content_type="application/x-protobuf")
    second = await ask("/v1/metrics", body, content_type="application/x-protobuf")
    partial = ExportMetricsServiceResponse.FromString(first.body).partial_success
    assert (first.status, partial.rejected_data_points) == (200, 10)
    assert "not kept" in partial.error_message
    assert (second.status, second.body) == (200, b"")
    assert REFUSED.metric_points == before + 20


@pytest.mark.parametrize("body", [b"{}", b'{"resourceMetrics": [{"scopeMetrics": 5}, 7]}'])
async def test_what_has_no_data_points_is_all_success(body: bytes) -> None:
    answer = await ask("/v1/metrics", body, content_type="application/json")
    assert (answer.status, answer.body) == (200, b"{}")


@pytest.mark.parametrize(
    ("kind", "body"), [("application/json", b"{"), ("application/x-protobuf", b"\xff\xff")]
)
async def test_what_is_no_metrics_is_refused(kind: str, body: bytes) -> None:
    assert (await ask("/v1/metrics", body, content_type=kind)).status == 400
