"""Several traces go out in one file, and what is exported comes back unchanged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from telemetry import exchange
from telemetry.reading import queries, selection
from telemetry.records import AttributeValue, LogRecord, Resource, Scope, Span, SpanEvent, SpanLink
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.django_db(databases=["telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]
TRACES = [digit * 32 for digit in "abc"]
SHOP = Resource({"service.name": "shop", "service.instance.id": "one"})
BANK = Resource({"service.name": "bank", "cores": 2}, 1, "schema")


def spans_of(number: int, trace_id: str) -> list[Span]:
    start = 1_700_000_000_000_000_123 + number
    root = Span(
        trace_id=trace_id,
        span_id=f"{number}" * 16,
        name="POST /orders",
        start_time_unix_nano=start,
        end_time_unix_nano=start + 5_001,
        kind="SERVER",
        status_code="ERROR" if number == 1 else "UNSET",
        status_message="it broke" if number == 1 else "",
        attributes={"text": "日本", "raw": b"\x00\xff", "share": 0.5, "list": [1, 2], "on": False},
        events=[SpanEvent("happened", start + 7, {"n": 1}, 2)],
        resource=SHOP,
        scope=Scope("a library", "1.2", {"mode": "x"}),
        trace_state="k=v",
    )
    child = Span(
        trace_id=trace_id,
        span_id=f"{number + 4}" * 16,
        parent_span_id=root.span_id,
        name="pay",
        start_time_unix_nano=start + 1,
        end_time_unix_nano=start + 2,
        links=[SpanLink("d" * 32, "e" * 16, "a=b", {"why": "cause"}, 1, 1)],
        resource=BANK,
    )
    return [root, child]


SPANS = [span for number, trace_id in enumerate(TRACES, 1) for span in spans_of(number, trace_id)]
BODIES: list[AttributeValue] = ["hello", 0, False, "", {"a": [1, b"x"]}, None]
LOGS = [
    LogRecord(
        time_unix_nano=span.start_time_unix_nano,
        severity_number=9,
        body=body,
        attributes={"n": number},
        trace_id=span.trace_id,
        span_id=span.span_id,
        resource=span.resource,
    )
    for number, (span, body) in enumerate(zip(SPANS, BODIES, strict=True))
]


@pytest.fixture(autouse=True)
def stored() -> Iterator[None]:
    """Three traces, in the store."""
    queries._interned.cache_clear()
    writer = Writer()
    writer.submit(SPANS, LOGS).result(10)
    yield
    writer.stop()
    queries._interned.cache_clear()


def export(**query: Any) -> Any:
    return Client(headers={"host": "localhost"}).get("/api/export", query)


def plain(records: list[Any]) -> list[Any]:
    return [replace(each, seq=0) for each in records]


@pytest.mark.parametrize("expected", ["otlp", "jaeger"])
def test_what_is_exported_comes_back_unchanged(expected: str) -> None:
    answer = export(format=expected, traceId=TRACES)
    assert answer.status_code == 200
    imported = exchange.parse_import(answer.content)
    assert imported.problems == []
    by_id = sorted(imported.spans, key=lambda span: (span.trace_id, span.start_time_unix_nano))
    assert plain(by_id) == SPANS
    assert sorted(plain(imported.logs), key=lambda log: log.attributes["n"]) == LOGS


def test_only_what_is_chosen_goes_out_and_once() -> None:
    answer = export(format="otlp", traceId=[TRACES[2], TRACES[0], TRACES[2]])
    imported = exchange.parse_import(answer.content)
    assert {span.trace_id for span in imported.spans} == {TRACES[0], TRACES[2]}
    assert (len(imported.spans), len(imported.logs)) == (4, 4)
    assert answer["Content-Disposition"].startswith('attachment; filename="traces-')
    assert answer["Content-Disposition"].endswith('.otlp.json"')


def test_one_trace_gives_the_file_its_name() -> None:
    answer = export(format="jaeger", traceId=TRACES[0])
    assert answer["Content-Disposition"] == f'attachment; filename="{TRACES[0]}.jaeger.json"'


def test_filters_select_as_in_the_list() -> None:
    imported = exchange.parse_import(export(format="otlp", status="error").content)
    assert {span.trace_id for span in imported.spans} == {TRACES[0]}
    everything = exchange.parse_import(export(format="otlp").content)
    assert {span.trace_id for span in everything.spans} == set(TRACES)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "format"),
        ({"format": "csv"}, "format"),
        ({"format": "otlp", "traceId": "nonsense"}, "traceId"),
        ({"format": "otlp", "traceId": "g" * 32}, "traceId"),
        ({"format": "otlp", "traceId": "f" * 32}, "traceId"),
        ({"format": "otlp", "traceId": TRACES[0], "service": "shop"}, "traceId"),
        ({"format": "otlp", "status": "bad"}, "status"),
        ({"format": "otlp", "minMs": "-1"}, "minMs"),
        ({"format": "otlp", "traceid": TRACES[0]}, "traceid"),
        ({"format": "otlp", "limit": "5"}, "limit"),
    ],
)
def test_a_wrong_parameter_is_named(query: dict[str, str], field: str) -> None:
    answer = export(**query)
    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_nothing_found_is_said() -> None:
    assert export(format="otlp", service="nobody").status_code == 404


@pytest.mark.parametrize("query", [{"traceId": TRACES}, {"service": "shop"}])
def test_too_many_traces_are_refused(query: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MAX_TRACES", 2)
    answer = export(format="otlp", **query)
    assert answer.status_code == 413
    assert "more than 2 traces" in answer.json()["error"]


@pytest.mark.parametrize("most", [5, 11])
def test_too_many_records_are_refused(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MAX_RECORDS", most)
    answer = export(format="jaeger", traceId=TRACES)
    assert answer.status_code == 413
    assert f"more than {most} spans and log records" in answer.json()["error"]
    monkeypatch.setattr(selection, "MAX_RECORDS", 12)
    assert export(format="jaeger", traceId=TRACES).status_code == 200


def test_a_trace_can_be_removed_and_only_it() -> None:
    client = Client(headers={"host": "localhost"})
    assert client.delete(f"/api/traces/{TRACES[0].upper()}").status_code == 204
    assert client.get(f"/api/traces/{TRACES[0]}").status_code == 404
    assert client.delete(f"/api/traces/{TRACES[0]}").status_code == 404
    assert client.get(f"/api/traces/{TRACES[1]}").status_code == 200
