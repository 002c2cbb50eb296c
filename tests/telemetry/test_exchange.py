"""What a file that people import gives: what is kept, what is refused, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telemetry.errors import Malformed
from telemetry.exchange import parse_import


def span(**changes: Any) -> dict[str, Any]:
    """One span of OTLP JSON."""
    return {
        "traceId": "ab" * 16,
        "spanId": "cd" * 8,
        "name": "op",
        "startTimeUnixNano": "1795956000000000000",
        "endTimeUnixNano": "1795956000001000000",
        **changes,
    }


def otlp(*spans: object, resource: object = None) -> bytes:
    """A file of OTLP JSON."""
    wrapper: dict[str, Any] = {"scopeSpans": [{"spans": list(spans)}]}
    if resource is not None:
        wrapper["resource"] = resource
    return json.dumps({"resourceSpans": [wrapper]}).encode()


def jaeger(**changes: Any) -> bytes:
    """A file of Jaeger's JSON with one span."""
    entry = {
        "traceID": "a1",
        "spanID": "b1",
        "operationName": "op",
        "references": [],
        "startTime": 1_795_956_000_000_000,
        "duration": 100,
        "tags": [],
        "logs": [],
        "processID": "p1",
        **changes,
    }
    return json.dumps(
        {"data": [{"traceID": "a1", "spans": [entry], "processes": {"p1": {"serviceName": "s"}}}]}
    ).encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_file(mark: bytes) -> None:
    assert len(parse_import(mark + otlp(span())).spans) == 1


def test_a_bad_record_costs_itself_alone() -> None:
    found = parse_import(otlp(span(), span(spanId="zz"), 7, span(spanId="ef" * 8)))
    assert [each.span_id for each in found.spans] == ["cd" * 8, "ef" * 8]
    assert len(found.problems) == 2
    assert "span id" in found.problems[0]


@pytest.mark.parametrize(
    "body",
    [
        otlp(span(traceId="", spanId="")),
        otlp(span(), resource={"attributes": 5}),
        b'{"data": null, "total": 0, "errors": [{"code": 404, "msg": "not found"}]}',
        b'{"data": []}',
        b'{"resourceSpans": []}',
    ],
)
def test_a_file_of_which_nothing_can_be_kept_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_import(body)


def test_an_answer_of_jaeger_that_is_an_error_is_named() -> None:
    with pytest.raises(Malformed, match="not found"):
        parse_import(b'{"data": null, "total": 0, "errors": [{"code": 404, "msg": "not found"}]}')


def test_a_number_that_javascript_has_rounded_is_kept_as_a_double() -> None:
    tags = [{"key": "n", "type": "int64", "value": 9_223_372_036_854_776_000}]
    [kept] = parse_import(jaeger(tags=tags)).spans
    assert kept.attributes["n"] == pytest.approx(9_223_372_036_854_776_000)
    assert isinstance(kept.attributes["n"], float)


def test_a_start_with_a_fraction_is_kept_to_the_nanosecond() -> None:
    [kept] = parse_import(jaeger(startTime=1_795_956_000_000_000.5)).spans
    assert kept.start_time_unix_nano == 1_795_956_000_000_000_500


def test_a_string_tag_that_is_a_number_is_kept_as_text() -> None:
    [kept] = parse_import(jaeger(tags=[{"key": "code", "type": "string", "value": 200}])).spans
    assert kept.attributes["code"] == "200"


@pytest.mark.parametrize(
    ("references", "parent", "links"),
    [
        ([("FOLLOWS_FROM", "a1", "d1")], "d1", []),
        ([("FOLLOWS_FROM", "a1", "d1"), ("CHILD_OF", "a1", "e1")], "e1", ["d1"]),
        ([("FOLLOWS_FROM", "a2", "d1")], "", ["d1"]),
        ([("CHILD_OF", "a1", "e1"), ("CHILD_OF", "a1", "f1")], "e1", ["f1"]),
    ],
)
def test_the_parent_is_the_one_that_jaeger_shows(
    references: list[tuple[str, str, str]], parent: str, links: list[str]
) -> None:
    written = [
        {"refType": kind, "traceID": trace_id, "spanID": span_id}
        for kind, trace_id, span_id in references
    ]
    [kept] = parse_import(jaeger(references=written)).spans
    assert kept.parent_span_id == (parent.zfill(16) if parent else "")
    assert [link.span_id for link in kept.links] == [each.zfill(16) for each in links]
