"""OTLP JSON as the specification has it, and every record that goes out comes back the same."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from telemetry.errors import Malformed
from telemetry.otlp import from_json, to_json
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import LOGS, SPANS

if TYPE_CHECKING:
    from telemetry.records import LogRecord, Span


def request(**span: Any) -> bytes:
    sent = {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": "eee19b7ec3c1b174",
        "name": "I'm a server span",
        "startTimeUnixNano": "1544712660000000000",
        "endTimeUnixNano": "1544712661000000000",
        "kind": 2,
        **span,
    }
    return json.dumps(
        {
            "resourceSpans": [
                {
                    "resource": {
                        "attributes": [
                            {"key": "service.name", "value": {"stringValue": "my.service"}}
                        ]
                    },
                    "scopeSpans": [{"scope": {"name": "my.library"}, "spans": [sent]}],
                }
            ]
        }
    ).encode()


def one(body: bytes) -> Span:
    spans, wrong = from_json.spans(body)
    assert wrong == []
    return spans[0]


@for_all(st.lists(SPANS, max_size=3), examples=25)
def test_spans_come_back_the_same(spans: list[Span]) -> None:
    again, wrong = from_json.spans(json.dumps(to_json.traces(spans)).encode())
    assert wrong == []
    assert sorted(again, key=repr) == sorted(spans, key=repr)


@for_all(st.lists(LOGS, max_size=3), examples=25)
def test_log_records_come_back_the_same(records: list[LogRecord]) -> None:
    again, wrong = from_json.logs(json.dumps(to_json.logs(records)).encode())
    assert wrong == []
    assert sorted(again, key=repr) == sorted(records, key=repr)


def test_the_specifications_own_example_is_read() -> None:
    span = one(request())
    assert (span.kind, span.resource.service_name, span.scope.name) == (
        "SERVER",
        "my.service",
        "my.library",
    )
    assert span.start_time_unix_nano == 1544712660000000000


@pytest.mark.parametrize(
    "field",
    [
        {"kind": "SPAN_KIND_SERVER"},
        {"startTimeUnixNano": 1544712660000000000},
        {"traceId": "5B8EFFF798038103D269B633813FC60C"},
        {"somethingNew": {"nested": [1, 2]}},
        {"attributes": None},
    ],
)
def test_what_senders_do_differently_is_read_all_the_same(field: dict[str, Any]) -> None:
    assert one(request(**field)) == one(request())


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"stringValue": "x"}, "x"),
        ({"boolValue": True}, True),
        ({"intValue": "9007199254740993"}, 9007199254740993),
        ({"intValue": 5}, 5),
        ({"doubleValue": 0.5}, 0.5),
        ({"doubleValue": "Infinity"}, float("inf")),
        ({"bytesValue": "AAE="}, b"\x00\x01"),
        ({"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "a"}]}}, [1, "a"]),
        (
            {"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": False}}]}},
            {"k": False},
        ),
    ],
)
def test_every_type_of_value_is_read(value: dict[str, Any], read: object) -> None:
    span = one(request(attributes=[{"key": "a", "value": value}]))
    assert span.attributes["a"] == read


@pytest.mark.parametrize(
    "field",
    [
        {"traceId": "short"},
        {"spanId": "g" * 16},
        {"traceId": "0" * 32},
        {"startTimeUnixNano": "soon"},
        {"name": 5},
        {"attributes": [{"key": "a", "value": {"intValue": "1.5"}}]},
    ],
)
def test_a_record_that_is_wrong_is_left_out_and_told_of(field: dict[str, Any]) -> None:
    spans, wrong = from_json.spans(request(**field))
    assert spans == []
    assert len(wrong) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"resourceSpans": 5}', b"\xff"])
def test_what_is_no_export_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        from_json.spans(body)


def test_a_value_nested_without_end_is_refused_not_followed() -> None:
    value: dict[str, Any] = {"stringValue": "x"}
    for _ in range(200):
        value = {"arrayValue": {"values": [value]}}
    spans, wrong = from_json.spans(request(attributes=[{"key": "a", "value": value}]))
    assert (len(spans), len(wrong)) == (0, 1)


def test_a_member_of_an_enumeration_of_texts_is_that_text() -> None:
    class Status(StrEnum):
        RESERVED = "RESERVED"

    assert to_json.any_value(Status.RESERVED) == {"stringValue": "RESERVED"}
