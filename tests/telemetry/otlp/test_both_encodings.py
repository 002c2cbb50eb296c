"""One record means the same in both encodings: what is kept, what is refused, and why."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from telemetry.otlp import from_json, from_protobuf, json_fields, to_json
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import ATTRIBUTES, TEXTS


def ids(size: int) -> st.SearchStrategy[bytes]:
    """Ids as senders get them wrong: none, zeros, too short, hexadecimal digits as bytes."""
    return st.one_of(
        st.binary(min_size=size, max_size=size),
        st.sampled_from([b"", bytes(size), b"\x01\x02\x03", b"ab" * size]),
    )


TIMES = st.sampled_from([0, 1, 10**18, 2**63 - 1, 2**63, 2**64 - 1])
SEVERITIES = st.sampled_from([0, 1, 9, 24, 25, 2**31 - 1, -1])
LINKS = st.fixed_dictionaries({"trace": ids(16), "span": ids(8)})
SPANS = st.fixed_dictionaries(
    {
        "trace": ids(16),
        "span": ids(8),
        "parent": ids(8),
        "name": TEXTS,
        "start": TIMES,
        "end": TIMES,
        "kind": st.integers(-1, 7),
        "status": st.integers(-1, 4),
        "attributes": ATTRIBUTES,
        "links": st.lists(LINKS, max_size=2),
        "event": TIMES,
    }
)
LOGS = st.fixed_dictionaries(
    {
        "trace": ids(16),
        "span": ids(8),
        "time": TIMES,
        "observed": TIMES,
        "severity": SEVERITIES,
        "attributes": ATTRIBUTES,
        "body": TEXTS,
    }
)


def span_as_json(span: dict[str, Any]) -> dict[str, Any]:
    """Write a span as OTLP JSON has it."""
    return {
        "traceId": span["trace"].hex(),
        "spanId": span["span"].hex().upper(),
        "parentSpanId": span["parent"].hex(),
        "name": span["name"],
        "startTimeUnixNano": str(span["start"]),
        "endTimeUnixNano": span["end"],
        "kind": span["kind"],
        "status": {"code": span["status"]},
        "attributes": to_json.key_values(span["attributes"]),
        "links": [
            {"traceId": link["trace"].hex(), "spanId": link["span"].hex()} for link in span["links"]
        ],
        "events": [{"name": "e", "timeUnixNano": str(span["event"])}],
    }


def span_request(spans: list[dict[str, Any]]) -> bytes:
    """Write the spans as protobuf."""
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for span in spans:
        message = scope.spans.add(
            trace_id=span["trace"],
            span_id=span["span"],
            parent_span_id=span["parent"],
            name=span["name"],
            start_time_unix_nano=span["start"],
            end_time_unix_nano=span["end"],
            attributes=key_values(span["attributes"]),
        )
        message.kind, message.status.code = span["kind"], span["status"]
        message.events.add(name="e", time_unix_nano=span["event"])
        for link in span["links"]:
            message.links.add(trace_id=link["trace"], span_id=link["span"])
    packed: bytes = request.SerializeToString()
    return packed


def key_values(attributes: dict[str, Any]) -> list[KeyValue]:
    """Write attributes as protobuf."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def any_value(value: Any) -> AnyValue:
    """Write one value as protobuf."""
    written = AnyValue()
    if isinstance(value, bool):
        written.bool_value = value
    elif isinstance(value, str):
        written.string_value = value
    elif isinstance(value, int):
        written.int_value = value
    elif isinstance(value, float):
        written.double_value = value
    elif isinstance(value, bytes):
        written.bytes_value = value
    elif isinstance(value, dict):
        written.kvlist_value.values.extend(key_values(value))
        written.kvlist_value.SetInParent()
    else:
        written.array_value.values.extend(any_value(each) for each in value)
        written.array_value.SetInParent()
    return written


@for_all(st.lists(SPANS, max_size=3), examples=40)
def test_a_span_is_judged_alike(spans: list[dict[str, Any]]) -> None:
    scope = {"spans": [span_as_json(span) for span in spans]}
    document = {"resourceSpans": [{"scopeSpans": [scope]}]}
    by_json = from_json.spans(json.dumps(document).encode())
    assert by_json == from_protobuf.spans(span_request(spans))
    kept, refused = by_json
    assert len(kept) + len(refused) == len(spans)
    again, problems = from_json.spans(json.dumps(to_json.traces(kept)).encode())
    assert (sorted(again, key=repr), problems) == (sorted(kept, key=repr), [])


@for_all(st.lists(LOGS, max_size=3), examples=40)
def test_a_log_record_is_judged_alike(logs: list[dict[str, Any]]) -> None:
    written = [
        {
            "traceId": log["trace"].hex(),
            "spanId": log["span"].hex(),
            "timeUnixNano": str(log["time"]),
            "observedTimeUnixNano": str(log["observed"]),
            "severityNumber": log["severity"],
            "attributes": to_json.key_values(log["attributes"]),
            "body": {"stringValue": log["body"]},
        }
        for log in logs
    ]
    document = {"resourceLogs": [{"scopeLogs": [{"logRecords": written}]}]}
    request = ExportLogsServiceRequest()
    scope = request.resource_logs.add().scope_logs.add()
    for log in logs:
        message = scope.log_records.add(
            trace_id=log["trace"],
            span_id=log["span"],
            time_unix_nano=log["time"],
            observed_time_unix_nano=log["observed"],
            attributes=key_values(log["attributes"]),
            body=any_value(log["body"]),
        )
        message.severity_number = log["severity"]
    by_json = from_json.logs(json.dumps(document).encode())
    assert by_json == from_protobuf.logs(request.SerializeToString())
    kept, refused = by_json
    assert len(kept) + len(refused) == len(logs)


def test_a_broken_string_is_repaired_and_its_batch_kept() -> None:
    no_ids: dict[str, Any] = dict.fromkeys(("trace", "span", "parent"), b"")
    bare = {**no_ids, "links": [], "attributes": {}}
    numbers = dict.fromkeys(("start", "end", "kind", "status", "event"), 1)
    good = span_as_json({**bare, **numbers, "name": "kept", "trace": b"a" * 16, "span": b"b" * 8})
    bad = {**good, "spanId": "0" * 15 + "1", "name": "NAME"}
    document = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [good, bad]}]}]})
    surrogate = document.replace("NAME", r"cut \ud83d, \\ud83d, \ud83d\ude00").encode()
    spans, problems = from_json.spans(surrogate)
    assert problems == []
    assert [span.name for span in spans] == ["kept", "cut \ufffd, \\ud83d, \U0001f600"]
    bytes_ = document.encode().replace(b"NAME", b"cut \xff off")
    assert [span.name for span in from_json.spans(bytes_)[0]] == ["kept", "cut \ufffd off"]


def test_a_broken_protobuf_string_is_repaired_and_its_batch_kept() -> None:
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for number, name in enumerate(("kept", "NAME")):
        span = scope.spans.add(trace_id=b"a" * 16, span_id=bytes([number] * 8 or [1]), name=name)
        span.span_id = (number + 1).to_bytes(8, "big")
        span.attributes.extend(key_values({"deep": {"text": "NAME", "raw": b"\xff\x00"}}))
    body = request.SerializeToString().replace(b"NAME", b"a\xff\xfeb")
    spans, problems = from_protobuf.spans(body)
    assert problems == []
    assert [span.name for span in spans] == ["kept", "a\ufffd\ufffdb"]
    assert spans[1].attributes["deep"] == {"text": "a\ufffd\ufffdb", "raw": b"\xff\x00"}


def test_base64_is_what_bytes_are_in_json() -> None:
    value = {"bytesValue": base64.b64encode(b"\x00\xff").decode()}
    assert any_value(b"\x00\xff").bytes_value == b"\x00\xff"
    assert json_fields.any_value(value) == b"\x00\xff"
