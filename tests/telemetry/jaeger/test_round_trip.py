"""A trace that went out as Jaeger's JSON comes back the same, and has what Jaeger's page reads."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from telemetry import exchange
from telemetry.errors import Malformed
from telemetry.records import LogRecord, Resource, Span, SpanLink
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import SPANS


def in_order(spans: list[Span]) -> list[Span]:
    """Put spans into one order, and what happened in each into that of time, as Jaeger does."""
    ordered = [
        replace(span, events=sorted(span.events, key=lambda event: event.time_unix_nano))
        for span in spans
    ]
    return sorted(ordered, key=lambda span: span.span_id)


@for_all(
    st.lists(SPANS, min_size=1, max_size=3, unique_by=lambda span: (span.trace_id, span.span_id)),
    examples=25,
)
def test_spans_come_back_the_same(spans: list[Span]) -> None:
    exported = json.dumps(exchange.export_jaeger(spans)).encode()
    imported = exchange.parse_import(exported)
    assert imported.problems == []
    assert in_order(imported.spans) == in_order(spans)


def test_a_root_with_a_link_within_its_trace_stays_a_root() -> None:
    link = SpanLink(trace_id="a" * 32, span_id="2" * 16)
    root = Span("a" * 32, "1" * 16, "root", 1, 2, links=[link])
    imported = exchange.parse_import(json.dumps(exchange.export_jaeger([root])).encode())
    assert imported.spans == [root]


def test_it_is_what_jaegers_page_reads() -> None:
    parent = Span(
        trace_id="a" * 32,
        span_id="b" * 16,
        name="POST /orders",
        start_time_unix_nano=1_700_000_000_000_001_500,
        end_time_unix_nano=1_700_000_000_002_001_500,
        kind="SERVER",
        attributes={"http.response.status_code": 201},
        resource=Resource({"service.name": "api"}),
    )
    child = Span(
        trace_id="a" * 32,
        span_id="c" * 16,
        parent_span_id="b" * 16,
        name="job.deliver",
        start_time_unix_nano=1_700_000_000_000_002_000,
        end_time_unix_nano=1_700_000_000_001_000_000,
        status_code="ERROR",
        resource=Resource({"service.name": "api"}),
    )
    (trace,) = exchange.export_jaeger([parent, child])["data"]
    assert trace["traceID"] == "a" * 32
    first, second = trace["spans"]
    assert trace["processes"][first["processID"]]["serviceName"] == "api"
    assert (first["operationName"], first["startTime"], first["duration"]) == (
        "POST /orders",
        1_700_000_000_000_001,
        2_000,
    )
    assert second["references"][0]["refType"] == "CHILD_OF"
    assert second["references"][0]["spanID"] == "b" * 16
    tags = {tag["key"]: tag["value"] for tag in second["tags"]}
    assert tags["error"] is True


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"5", b'{"data": 5}', b"nonsense\nnonsense"])
def test_what_is_no_trace_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        exchange.parse_import(body)


def test_of_a_span_id_that_two_services_share_each_span_has_its_own_services_log_records() -> None:
    of = {name: Resource({"service.name": name}) for name in ("shop", "bank")}
    call = Span("a" * 32, "b" * 16, "POST", 1, 9, kind="CLIENT", resource=of["shop"])
    serve = replace(call, name="POST /pay", kind="SERVER", resource=of["bank"])
    logs = [
        LogRecord(2, body=f"said by {name}", trace_id="a" * 32, span_id="b" * 16, resource=of[name])
        for name in of
    ]
    (trace,) = exchange.export_jaeger([call, serve], logs)["data"]
    said = [json.dumps(span["logs"]) for span in trace["spans"]]
    assert ["said by shop" in each for each in said] == [True, False]
    assert ["said by bank" in each for each in said] == [False, True]
