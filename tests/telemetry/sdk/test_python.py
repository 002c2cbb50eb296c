"""OpenTelemetry's SDK for Python sends traces, logs and metrics by its default, OTLP/gRPC."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

import pytest
import requests
from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]


@pytest.fixture
def resource() -> Resource:
    return Resource({"service.name": f"python-{secrets.token_hex(4)}"})


@pytest.fixture
def endpoint(lab: LabProcesses) -> str:
    return f"http://localhost:{lab.ports['OTLP_GRPC']}"


def test_traces_and_logs_arrive_whole(lab: LabProcesses, endpoint: str, resource: Resource) -> None:
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint, insecure=True)))
    loggers = LoggerProvider(resource=resource, shutdown_on_exit=False)
    loggers.add_log_record_processor(
        SimpleLogRecordProcessor(OTLPLogExporter(endpoint, insecure=True))
    )
    tracer = tracers.get_tracer("a library", "1.2")
    attributes: dict[str, Any] = {
        "text": "日本",
        "number": 5,
        "share": 0.5,
        "flag": True,
        "list": ["a", "b"],
    }
    with tracer.start_as_current_span("outer", kind=trace.SpanKind.SERVER) as outer:
        outer.set_attributes(attributes)
        outer.add_event("happened", {"why": "because"})
        outer.set_status(trace.Status(trace.StatusCode.ERROR, "it broke"))
        link = trace.Link(outer.get_span_context())
        with tracer.start_as_current_span("inner", links=[link]):
            loggers.get_logger("a logger").emit(
                severity_number=SeverityNumber.WARN, body="hello", attributes={"n": 1}
            )
    tracers.shutdown()
    loggers.shutdown()

    trace_id = format(outer.get_span_context().trace_id, "032x")
    spans = {each["name"]: each for each in lab.get(f"/api/traces/{trace_id}")["spans"]}
    assert spans["outer"]["attributes"] == attributes
    assert spans["outer"]["kind"] == "SERVER"
    assert spans["outer"]["status"] == {"code": "ERROR", "message": "it broke"}
    assert [each["name"] for each in spans["outer"]["events"]] == ["happened"]
    assert spans["outer"]["scope"]["name"] == "a library"
    assert spans["outer"]["scope"]["version"] == "1.2"
    assert spans["outer"]["service"] == resource.attributes["service.name"]
    assert spans["inner"]["parentSpanId"] == spans["outer"]["spanId"]
    assert spans["inner"]["links"][0]["spanId"] == spans["outer"]["spanId"]
    [log] = lab.get("/api/logs", traceId=trace_id)["logs"]
    assert (log["msg"], log["level"], log["spanId"]) == ("hello", "WARN", spans["inner"]["spanId"])


def test_http_at_the_port_of_grpc_is_answered_where_to_go_and_counted(lab: LabProcesses) -> None:
    url = f"http://127.0.0.1:{lab.ports['OTLP_GRPC']}/v1/traces"
    answer = requests.post(url, b"{}", timeout=10)
    assert answer.status_code == requests.codes.bad_request
    assert "OTLP/HTTP has a port of its own" in answer.json()["message"]
    assert "otlp_http_to_grpc" in [each["code"] for each in lab.get("/api/telemetry")["refused"]]


def test_metrics_are_counted_and_make_no_exporter_complain(
    lab: LabProcesses, endpoint: str, resource: Resource, caplog: pytest.LogCaptureFixture
) -> None:
    before = lab.get("/api/telemetry")["metricPointsNotKept"]
    exporter = OTLPMetricExporter(endpoint, insecure=True)
    meters = MeterProvider(
        [PeriodicExportingMetricReader(exporter, 60_000)], resource, shutdown_on_exit=False
    )
    meters.get_meter("m").create_counter("things").add(1)
    with caplog.at_level(logging.WARNING):
        assert meters.force_flush()
        assert meters.force_flush()
    meters.shutdown()
    assert caplog.records == []
    assert lab.get("/api/telemetry")["metricPointsNotKept"] >= before + 2
