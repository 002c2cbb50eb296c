"""A small body that unpacks to millions of elements is refused before they are made."""

from __future__ import annotations

import tracemalloc

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from telemetry.errors import TooLarge
from telemetry.otlp import from_json, from_protobuf, json_text, protobuf_text

_MEGABYTE = 1 << 20


def test_json_of_too_many_elements_is_refused_without_being_read() -> None:
    body = b'{"resourceSpans":[' + b"{}," * (10 * json_text.MAX_ELEMENTS) + b"{}]}"
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            from_json.spans(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < _MEGABYTE


def test_json_of_as_many_elements_as_may_be_is_read() -> None:
    inner = b"{}," * (json_text.MAX_ELEMENTS - 4)
    spans, problems = from_json.spans(b'{"resourceSpans":[' + inner + b"{}]}")
    assert (spans, problems) == ([], [])


def test_protobuf_of_too_many_messages_is_refused() -> None:
    most = protobuf_text.MAX_ELEMENTS
    request = ExportTraceServiceRequest.FromString(b"\x0a\x00" * 3)
    assert len(request.resource_spans) == 3
    with pytest.raises(TooLarge):
        from_protobuf.spans(b"\x0a\x00" * most)
    assert from_protobuf.spans(b"\x0a\x00" * (most - 1)) == ([], [])
