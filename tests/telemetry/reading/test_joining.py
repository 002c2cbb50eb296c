"""A log record without a trace belongs to the one whose request it names, and says by what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from telemetry.reading.joining import JOINED_BY
from telemetry.reading.queries import trace_records
from tests.telemetry.reading.rows import log, service, span, trace

pytestmark = pytest.mark.django_db(databases=["telemetry", "default"])

LINE = '{"a":{"requestId":"r1"}}'


def joined_by(trace_id: str) -> list[Any]:
    return [each.attributes.get(JOINED_BY) for each in trace_records(trace_id)[1]]


def line(number: int = 9, request_id: str = "r1") -> None:
    log("", number, request_id=request_id, msg="printed", data=LINE)


def test_a_span_of_the_request_joins_it() -> None:
    span(trace(1), request_id="r1")
    line()
    [found] = trace_records(f"{1:032x}")[1]
    assert (found.trace_id, found.attributes[JOINED_BY]) == (f"{1:032x}", "span")


def test_another_record_of_the_request_joins_it() -> None:
    log(trace(1), request_id="r1", time_ns=1)
    line()
    assert sorted(joined_by(f"{1:032x}"), key=str) == [None, "record"]


def test_a_request_that_only_an_answer_named_joins_it() -> None:
    span(trace(1), request_id="r1", data='{"a":{"lab.request_id.source":"answer"}}')
    line()
    assert joined_by(f"{1:032x}") == ["answer"]


def test_one_of_no_request_or_of_another_stands_in_the_log_alone() -> None:
    span(trace(1), request_id="r1")
    line(1, "r2")
    line(2, "")
    assert joined_by(f"{1:032x}") == []


def test_one_that_has_a_trace_keeps_it() -> None:
    span(trace(1), request_id="r1")
    log(trace(2), request_id="r1")
    assert joined_by(f"{1:032x}") == []


def test_the_logs_of_a_trace_have_it() -> None:
    client = Client(headers={"host": "localhost"})
    span(trace(1), request_id="r1")
    service(f"{1:032x}", "front")
    line()
    listed = client.get(f"/api/logs?traceId={1:032x}").json()["logs"]
    assert [each["attributes"][JOINED_BY] for each in listed] == ["span"]
    assert client.get("/api/logs").json()["logs"][0]["traceId"] in (None, "")
