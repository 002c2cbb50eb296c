"""Several traces for one file: by their ids or by filters, and no more than can be read at once."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from telemetry.errors import TooLarge
from telemetry.reading import selection
from telemetry.reading.search import BadQueryError
from telemetry.reading.selection import format_of, records_of, trace_ids
from tests.telemetry.reading.rows import log, service, span, trace

pytestmark = pytest.mark.django_db(databases=["telemetry"])


def selected(query: str) -> list[str]:
    return trace_ids(QueryDict(query))


@pytest.mark.parametrize("known", ["otlp", "jaeger"])
def test_a_format_is_one_of_two(known: str) -> None:
    assert format_of(QueryDict(f"format={known}")) == known


@pytest.mark.parametrize("query", ["", "format=", "format=zipkin"])
def test_another_format_is_refused(query: str) -> None:
    with pytest.raises(BadQueryError) as refused:
        format_of(QueryDict(query))
    assert refused.value.field == "format"


def test_what_is_chosen_comes_once_and_in_its_order() -> None:
    first, second = trace(1), trace(2)
    upper = second.upper()
    assert selected(f"traceId={first}&traceId=+{upper}+&traceId={first}&format=otlp") == [
        *(first, second)
    ]


def test_filters_choose_and_nothing_chooses_all() -> None:
    well, badly = trace(1), trace(2, error_count=1)
    service(badly, "worker", "reset")
    assert selected("") == selected("format=otlp&q=") == [badly, well]
    assert selected("status=ok") == [well]
    assert selected("errorKind=reset") == [badly]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("moon=1", "moon"),
        ("limit=1", "limit"),
        ("traceId=xyz", "traceId"),
        (f"traceId={'a' * 31}", "traceId"),
        (f"traceId={'a' * 33}", "traceId"),
        (f"traceId={'a' * 32}", "traceId"),
        (f"traceId={1:032x}&traceId={'a' * 32}", "traceId"),
        (f"traceId={1:032x}&service=api", "traceId"),
        ("status=moon", "status"),
    ],
)
def test_what_is_misspelt_or_not_there_selects_nothing(query: str, field: str) -> None:
    trace(1)
    with pytest.raises(BadQueryError) as refused:
        selected(query)
    assert refused.value.field == field


def test_no_more_traces_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MAX_TRACES", 2)
    ids = [trace(number) for number in (1, 2)]
    both = "&".join(f"traceId={each}" for each in ids)
    assert sorted(selected("")) == sorted(selected(both)) == ids
    third = trace(3)
    for query in ("", f"{both}&traceId={third}"):
        with pytest.raises(TooLarge, match="more than 2 traces"):
            selected(query)


def test_records_come_in_the_order_of_their_times() -> None:
    one, two, other = trace(1), trace(2), trace(3)
    for number, (trace_id, at) in enumerate([(one, 30), (two, 10), (one, 20), (other, 1)], 1):
        span(trace_id, number, start_ns=at)
        log(trace_id, number, time_ns=at + 1)
    spans, logs = records_of([one, two])
    assert [each.start_time_unix_nano for each in spans] == [10, 20, 30]
    assert [each.time_unix_nano for each in logs] == [11, 21, 31]


@pytest.mark.parametrize(("spans", "logs"), [(4, 0), (0, 4), (2, 2), (3, 1)])
def test_no_more_records_than_may_be(
    monkeypatch: pytest.MonkeyPatch, spans: int, logs: int
) -> None:
    monkeypatch.setattr(selection, "MAX_RECORDS", 4)
    one = trace(1)
    for number in range(spans):
        span(one, number + 1)
    for number in range(logs):
        log(one, number + 1)
    found = records_of([one])
    assert (len(found.spans), len(found.logs)) == (spans, logs)
    (span if spans else log)(one, 9)
    with pytest.raises(TooLarge, match="more than 4 spans and log records"):
        records_of([one])
