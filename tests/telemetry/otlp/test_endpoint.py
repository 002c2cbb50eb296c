"""OTLP/HTTP at the observer's own ports: what may be sent again, and what may not."""

from __future__ import annotations

import gzip
import json
import secrets
import zlib
from typing import TYPE_CHECKING, Any

import cramjam
import pytest
import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def spans(trace_id: str, *, wrong: bool = False) -> dict[str, Any]:
    reported = [
        {
            "traceId": trace_id,
            "spanId": secrets.token_hex(8),
            "name": "made elsewhere",
            "startTimeUnixNano": "1700000000000000000",
            "endTimeUnixNano": "1700000000500000000",
        }
    ]
    if wrong:
        reported.append({**reported[0], "spanId": "short"})
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "elsewhere"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": reported}]}]}


def packed(trace_id: str) -> bytes:
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id = bytes.fromhex(trace_id), secrets.token_bytes(8)
    span.name, span.start_time_unix_nano, span.end_time_unix_nano = "x", 1, 2
    body: bytes = message.SerializeToString()
    return body


def post(
    lab: LabProcesses, body: bytes, kind: str, *, port: str = "OBSERVER", **headers: str
) -> requests.Response:
    return requests.post(
        f"http://127.0.0.1:{lab.ports[port]}/v1/traces",
        data=body,
        headers={"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}},
        timeout=10,
    )


@pytest.fixture
def trace_id() -> str:
    """An id that nobody else has."""
    return secrets.token_hex(16)


@pytest.mark.parametrize("port", ["OBSERVER", "OTLP"])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("snappy", lambda body: bytes(cramjam.snappy.compress_raw(body))),
        ("zstd", lambda body: bytes(cramjam.zstd.compress(body))),
    ],
)
def test_json_and_protobuf_are_stored_before_they_are_acknowledged(
    lab: LabProcesses, trace_id: str, port: str, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    encoding = {"Content_Encoding": coding}
    as_json = post(lab, pack(json.dumps(spans(trace_id)).encode()), JSON, port=port, **encoding)
    assert (as_json.status_code, as_json.json()) == (200, {})
    as_protobuf = post(lab, pack(packed(trace_id)), PROTOBUF, port=port, **encoding)
    assert as_protobuf.headers["Content-Type"] == PROTOBUF
    assert ExportTraceServiceResponse.FromString(as_protobuf.content).ByteSize() == 0
    assert len(lab.get(f"/api/traces/{trace_id}")["spans"]) == 2


def test_the_same_again_changes_nothing(lab: LabProcesses, trace_id: str) -> None:
    body = packed(trace_id)
    for _ in range(3):
        assert post(lab, body, PROTOBUF).status_code == 200
    assert len(lab.get(f"/api/traces/{trace_id}")["spans"]) == 1
    assert lab.get("/api/traces", attr="none=x")["traces"] == []


def test_what_is_wrong_is_counted_and_the_rest_is_kept(lab: LabProcesses, trace_id: str) -> None:
    answer = post(lab, json.dumps(spans(trace_id, wrong=True)).encode(), JSON)
    assert answer.status_code == 200
    partial = answer.json()["partialSuccess"]
    assert partial["rejectedSpans"] == "1"
    assert partial["errorMessage"]
    assert len(lab.get(f"/api/traces/{trace_id}")["spans"]) == 1


@pytest.mark.parametrize(
    ("body", "kind", "headers", "status"),
    [
        (b"{", JSON, {}, 400),
        (b"\xff\xff", PROTOBUF, {}, 400),
        (b"{}", "text/plain", {}, 415),
        (b"{}", JSON, {"Content_Encoding": "br"}, 415),
        (b"not gzip", JSON, {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], JSON, {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(bytes(80 * 1024 * 1024)), JSON, {"Content_Encoding": "gzip"}, 413),
        (b" " * (17 * 1024 * 1024), JSON, {}, 413),
    ],
    ids=["json", "protobuf", "type", "encoding", "no gzip", "cut gzip", "bomb", "large"],
)
def test_what_must_not_be_sent_again_is_a_4xx(
    lab: LabProcesses, body: bytes, kind: str, headers: dict[str, str], status: int
) -> None:
    answer = post(lab, body, kind, **headers)
    assert answer.status_code == status
    assert "Retry-After" not in answer.headers


def test_only_post_is_taken(lab: LabProcesses) -> None:
    answer = requests.get(f"{lab.observer_url}/v1/traces", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_page_of_another_origin_may_not_send(lab: LabProcesses, trace_id: str) -> None:
    answer = post(lab, packed(trace_id), PROTOBUF, Origin="http://evil.example")
    assert answer.status_code == 403
    assert requests.get(f"{lab.observer_url}/api/traces/{trace_id}", timeout=5).status_code == 404


def test_logs_come_in_too(lab: LabProcesses, trace_id: str) -> None:
    message = ExportLogsServiceRequest()
    record = message.resource_logs.add().scope_logs.add().log_records.add()
    record.trace_id, record.time_unix_nano = bytes.fromhex(trace_id), 5
    record.body.string_value = "hello from elsewhere"
    answer = requests.post(
        f"{lab.observer_url}/v1/logs",
        data=message.SerializeToString(),
        headers={"Content-Type": PROTOBUF},
        timeout=10,
    )
    assert answer.status_code == 200
    logs = lab.get("/api/logs", traceId=trace_id)["logs"]
    assert [log["msg"] for log in logs] == ["hello from elsewhere"]
