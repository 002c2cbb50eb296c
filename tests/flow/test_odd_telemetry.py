"""Odd telemetry, as it was seen elsewhere: it is kept or refused with a reason, and all go on."""

from __future__ import annotations

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]

MILLISECOND = 1_000_000
TOO_LATE = 2**64 - 1


@pytest.fixture
def trace_id() -> str:
    return secrets.token_hex(16)


def span(trace_id: str, **fields: Any) -> dict[str, Any]:
    now = time.time_ns()
    return {
        "traceId": trace_id,
        "spanId": secrets.token_hex(8),
        "name": "odd",
        "startTimeUnixNano": str(now),
        "endTimeUnixNano": str(now + MILLISECOND),
        **fields,
    }


def batch(*spans: dict[str, Any], of: str = "odd") -> dict[str, Any]:
    named = {"key": "service.name", "value": {"stringValue": of}}
    scope = {"spans": list(spans)}
    return {"resourceSpans": [{"resource": {"attributes": [named]}, "scopeSpans": [scope]}]}


def post(lab: LabProcesses, path: str, body: Any) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    return requests.post(f"{lab.observer_url}{path}", data=data, headers=headers, timeout=15)


def protobuf(lab: LabProcesses, body: bytes) -> ExportTraceServiceResponse:
    headers = {"Content-Type": "application/x-protobuf"}
    answer = requests.post(f"{lab.observer_url}/v1/traces", body, headers=headers, timeout=15)
    assert answer.status_code == 200, answer.content
    return ExportTraceServiceResponse.FromString(answer.content)


def accepted(lab: LabProcesses, *spans: dict[str, Any]) -> None:
    answer = post(lab, "/v1/traces", batch(*spans))
    assert (answer.status_code, answer.json()) == (200, {})


def listed(lab: LabProcesses, trace_id: str) -> dict[str, Any]:
    found = lab.get("/api/traces", q=trace_id)["traces"]
    assert [each["traceId"] for each in found] == [trace_id]
    summary: dict[str, Any] = found[0]
    return summary


def exported_and_imported(lab: LabProcesses, trace_id: str) -> None:
    """Fail unless a trace's own export can be taken in again."""
    for name in ("otlp", "jaeger"):
        file = lab.get(f"/api/traces/{trace_id}", format=name)
        assert post(lab, "/api/import", file).status_code == 201, name


@pytest.fixture
def others_go_on(lab: LabProcesses) -> Iterator[None]:
    """Fail unless an open page, the log and another sender go on after a test."""
    with connect(f"ws://localhost:{lab.ports['OBSERVER']}/ws/live", max_size=None) as page:
        yield
        other = secrets.token_hex(16)
        accepted(lab, span(other))
        while other not in page.recv(timeout=15):
            pass
    assert "logs" in lab.get("/api/logs")
    assert lab.get("/api/telemetry")["spans"] > 0


POISON = [
    {"kvlistValue": {"values": [{"key": f"\0{marker}", "value": {"stringValue": "no base64"}}]}}
    for marker in ("bytes", "float", "int", "")
]


@pytest.mark.parametrize("value", POISON)
def test_a_senders_key_is_no_marker_of_the_stores(
    lab: LabProcesses, trace_id: str, others_go_on: None, value: dict[str, Any]
) -> None:
    attributes = [{"key": "\0bytes", "value": value}, {"key": "deep", "value": value}]
    accepted(lab, span(trace_id, attributes=attributes))
    log = {"traceId": trace_id, "body": value, "attributes": attributes}
    log["timeUnixNano"] = str(time.time_ns())
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [log]}]}]}
    assert post(lab, "/v1/logs", logs).json() == {}
    [kept] = lab.get(f"/api/traces/{trace_id}")["spans"]
    assert "no base64" in json.dumps(kept["attributes"])
    assert lab.get(f"/api/traces/{trace_id}/evidence")
    exported_and_imported(lab, trace_id)


def test_a_time_over_int64_costs_its_span_alone(
    lab: LabProcesses, trace_id: str, others_go_on: None
) -> None:
    late = batch(span(trace_id), span(trace_id, endTimeUnixNano=str(TOO_LATE)))

    def send(number: int) -> tuple[bool, requests.Response]:
        bad = number % 3 == 0
        body = late if bad else batch(span(secrets.token_hex(16)))
        return bad, post(lab, "/v1/traces", body)

    with ThreadPoolExecutor(12) as senders:
        answers = list(senders.map(send, range(90)))
    assert {answer.status_code for _, answer in answers} == {200}
    assert all(answer.json() == {} for bad, answer in answers if not bad)
    for bad, answer in answers:
        if bad:
            partial = answer.json()["partialSuccess"]
            assert partial["rejectedSpans"] == "1"
            assert "after the year" in partial["errorMessage"]
    assert len(lab.get(f"/api/traces/{trace_id}")["spans"]) == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_start_of_zero_is_unknown_however_the_spans_come(
    lab: LabProcesses, trace_id: str, together: bool
) -> None:
    whole = span(trace_id)
    without = span(trace_id, startTimeUnixNano="0", parentSpanId=whole["spanId"])
    for sent in [[whole, without]] if together else [[without], [whole]]:
        accepted(lab, *sent)
    summary = listed(lab, trace_id)
    assert not summary["startTime"].startswith("1970")
    assert summary["durationMs"] < 1_000


@pytest.mark.parametrize("as_json", [True, False])
def test_a_link_to_nothing_is_dropped_and_counted_and_its_span_kept(
    lab: LabProcesses, trace_id: str, as_json: bool
) -> None:
    other = {"traceId": secrets.token_hex(16), "spanId": secrets.token_hex(8)}
    if as_json:
        accepted(lab, span(trace_id, links=[{"traceId": "", "spanId": ""}, other]))
    else:
        message = ExportTraceServiceRequest()
        made = message.resource_spans.add().scope_spans.add().spans.add(name="odd")
        made.trace_id, made.span_id = bytes.fromhex(trace_id), secrets.token_bytes(8)
        made.start_time_unix_nano = made.end_time_unix_nano = time.time_ns()
        made.links.add()
        made.links.add(
            trace_id=bytes.fromhex(other["traceId"]), span_id=bytes.fromhex(other["spanId"])
        )
        assert not protobuf(lab, message.SerializeToString()).HasField("partial_success")
    [kept] = lab.get(f"/api/traces/{trace_id}")["spans"]
    assert [each["spanId"] for each in kept["links"]] == [other["spanId"]]
    file = lab.get(f"/api/traces/{trace_id}", format="otlp")
    [out] = file["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert out["droppedLinksCount"] == 1
    exported_and_imported(lab, trace_id)


def test_a_broken_text_is_repaired_and_its_batch_kept(
    lab: LabProcesses, trace_id: str, others_go_on: None
) -> None:
    body = json.dumps(batch(span(trace_id, name="cut \ud83d"), span(trace_id, name="whole")))
    assert post(lab, "/v1/traces", body.encode()).json() == {}
    message = ExportTraceServiceRequest()
    made = message.resource_spans.add().scope_spans.add().spans.add(name="AAAA")
    made.trace_id, made.span_id = bytes.fromhex(trace_id), secrets.token_bytes(8)
    made.start_time_unix_nano = made.end_time_unix_nano = time.time_ns()
    protobuf(lab, message.SerializeToString().replace(b"AAAA", b"A\xff\xfeA"))
    names = {each["name"] for each in lab.get(f"/api/traces/{trace_id}")["spans"]}
    assert names == {"cut \ufffd", "whole", "A\ufffd\ufffdA"}


def test_an_import_says_what_it_could_not_take(lab: LabProcesses, trace_id: str) -> None:
    nothing = post(lab, "/api/import", batch(span("", spanId="")))
    assert nothing.status_code == 400
    assert "trace id" in nothing.json()["error"]
    half = post(lab, "/api/import", batch(span(trace_id), span(trace_id, spanId="zz")))
    assert half.status_code == 201, half.text
    refusal = json.dumps(half.json())
    assert half.json()["spans"] == 1
    assert "span id" in refusal


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_an_old_file_is_imported_and_stays(
    lab: LabProcesses, trace_id: str, mark: bytes, others_go_on: None
) -> None:
    year_2021 = {
        "startTimeUnixNano": "1632800689000000000",
        "endTimeUnixNano": "1632800690000000000",
    }
    file = mark + json.dumps(batch(span(trace_id, **year_2021))).encode()
    assert post(lab, "/api/import", file).status_code == 201
    assert listed(lab, trace_id)["startTime"].startswith("2021-09-28")


def test_jaegers_own_not_found_is_no_import(lab: LabProcesses) -> None:
    answer = {"data": None, "total": 0, "errors": [{"code": 404, "msg": "trace not found"}]}
    refused = post(lab, "/api/import", answer)
    assert (refused.status_code, "trace not found" in refused.json()["error"]) == (400, True)


def test_an_id_is_the_same_in_either_case(lab: LabProcesses) -> None:
    shouted = secrets.token_hex(16).upper()
    accepted(lab, span(shouted, spanId="0A0B0C0D0E0F0A0B"))
    for asked in (shouted, shouted.lower(), f"%20{shouted}%20"):
        found = lab.get(f"/api/traces/{asked}")
        assert found["traceId"] == shouted.lower()
    assert listed(lab, shouted.lower())
    [found] = lab.get("/api/traces", q=f" {shouted} ")["traces"]
    assert found["traceId"] == shouted.lower()


@pytest.mark.parametrize("port", ["OBSERVER", "OTLP"])
def test_every_path_of_otlp_is_answered_by_it(lab: LabProcesses, port: str) -> None:
    url = f"http://127.0.0.1:{lab.ports[port]}/v1"
    json_type = {"Content-Type": "application/json"}
    slash = requests.post(f"{url}/traces/", b"{}", headers=json_type, timeout=10)
    assert (slash.status_code, slash.json()) == (200, {})
    metrics = requests.post(
        f"{url}/metrics", b'{"resourceMetrics":[]}', headers=json_type, timeout=10
    )
    assert metrics.headers["Content-Type"] == "application/json"
    assert metrics.status_code == 200 or "message" in metrics.json()


def test_a_page_is_served_to_who_brings_a_long_cookie(lab: LabProcesses) -> None:
    headers = {"Cookie": f"a={'x' * 17_000}"}
    assert requests.get(lab.observer_url, headers=headers, timeout=10).status_code == 200


def test_a_body_that_takes_long_to_decode_holds_up_no_page_and_no_sender(
    lab: LabProcesses, trace_id: str
) -> None:
    large = batch(*(span(trace_id, name="x" * 1_000) for _ in range(400)))
    accepted(lab, *large["resourceSpans"][0]["scopeSpans"][0]["spans"])
    children = psutil.Process(lab.pid_of("observer")).children()
    [decoder] = [each for each in children if "telemetry.otlp.decoding.process" in each.cmdline()]
    decoder.suspend()
    try:
        with ThreadPoolExecutor(1) as senders:
            sent = senders.submit(post, lab, "/v1/traces", large)
            assert requests.get(lab.observer_url, timeout=10).status_code == 200
            accepted(lab, span(secrets.token_hex(16)))
            assert not sent.done()
            # Its death costs nothing either.
            decoder.kill()
            assert sent.result(15).json() == {}
    finally:
        with suppress(psutil.NoSuchProcess):
            decoder.resume()
