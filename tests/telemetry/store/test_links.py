"""A link is found from both of its ends, and a span is read with all that was sent of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client

from telemetry.models import LinkRow
from telemetry.reading import queries
from telemetry.reading.linking import spans_elsewhere
from telemetry.records import Resource, Scope, Span, SpanEvent, SpanLink
from telemetry.store.retention import Retention
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)

ORDER, SWEEP = "a" * 32, "c" * 32


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer of the test's own."""
    queries._interned.cache_clear()
    made = Writer()
    yield made
    made.stop()


def span(trace_id: str, number: int, service: str = "web", **fields: Any) -> Span:
    resource = Resource({"service.name": service, "host.name": "one"})
    return Span(
        trace_id, f"{number:016x}", f"{service} {number}", number, 9, resource=resource, **fields
    )


def read(trace_id: str, number: int, **query: str) -> dict[str, Any]:
    client = Client(headers={"host": "localhost"})
    answer = client.get(f"/api/traces/{trace_id}/spans/{number:016x}", query)
    found: dict[str, Any] = answer.json()
    return found


def test_a_link_names_the_span_that_it_leads_to_and_that_one_whence_it_comes(
    writer: Writer,
) -> None:
    link = SpanLink(ORDER, f"{1:016x}", attributes={"why": "batch"})
    nowhere = SpanLink("d" * 32, "e" * 16)
    sweep = span(SWEEP, 5, "sweep", links=[link, nowhere])
    assert writer.submit([sweep, span(ORDER, 1), sweep], []).result(10) == []
    to_it, to_nothing = read(SWEEP, 5)["links"]
    assert to_it["attributes"] == {"why": "batch"}
    assert to_it["end"] == {
        "traceId": ORDER,
        "spanId": f"{1:016x}",
        "service": "web",
        "kind": "INTERNAL",
        "name": "web 1",
        "startTimeUnixNano": "1",
    }
    assert to_nothing["end"] is None
    target = read(ORDER, 1)
    assert [(each["traceId"], each["name"]) for each in target["linkedFrom"]] == [
        (SWEEP, "sweep 5")
    ]
    assert target["linkedFromMore"] == 0


def test_of_spans_that_share_an_id_the_one_that_links_is_named(writer: Writer) -> None:
    client = span(SWEEP, 5, kind="CLIENT")
    linking = span(SWEEP, 5, "shop", kind="SERVER", links=[SpanLink(ORDER, f"{1:016x}")])
    assert writer.submit([client, linking, span(ORDER, 1)], []).result(10) == []
    assert [each["service"] for each in read(ORDER, 1)["linkedFrom"]] == ["shop"]


def test_links_go_with_the_trace_that_has_them(writer: Writer) -> None:
    linking = span(SWEEP, 5, links=[SpanLink(ORDER, f"{1:016x}")])
    assert writer.submit([linking, span(ORDER, 1)], []).result(10) == []
    Retention().remove_traces([SWEEP])
    assert read(ORDER, 1)["linkedFrom"] == []
    assert not LinkRow.objects.exists()


def test_links_of_spans_stored_before_are_found_by_the_migration(writer: Writer) -> None:
    linking = span(SWEEP, 5, links=[SpanLink(ORDER, f"{1:016x}")])
    assert writer.submit([linking, span(ORDER, 1)], []).result(10) == []
    LinkRow.objects.all().delete()
    with connections["telemetry"].schema_editor() as editor:
        import_module("telemetry.migrations.0004_links")._find_links(apps, editor)
    assert [each["traceId"] for each in read(ORDER, 1)["linkedFrom"]] == [SWEEP]


def test_everything_that_was_sent_of_a_span_is_read(writer: Writer) -> None:
    sent = span(
        ORDER,
        1,
        scope=Scope("io.http", "1.2", {"scope.of": 1}, schema_url="https://scope"),
        events=[SpanEvent("exception", 5, {"exception.stacktrace": "at x"}, 3)],
        trace_state="vendor=1",
        flags=257,
        dropped_attributes_count=4,
    )
    assert writer.submit([sent], []).result(10) == []
    found = read(ORDER, 1)
    assert found["scope"] == {
        "name": "io.http",
        "version": "1.2",
        "attributes": {"scope.of": 1},
        "schemaUrl": "https://scope",
    }
    [event] = found["events"]
    assert event["attributes"] == {"exception.stacktrace": "at x"}
    assert event["droppedAttributesCount"] == 3
    assert (found["traceState"], found["flags"]) == ("vendor=1", 257)
    assert found["dropped"] == {"attributes": 4, "events": 0, "links": 0}
    assert found["resource"]["host.name"] == "one"


def test_a_long_value_is_cut_with_its_length_and_comes_whole_when_asked_for(
    writer: Writer,
) -> None:
    long = {"body/raw": "x" * 1_000_000, "list": list(range(1_000)), "short": "y", "number": 7}
    events = [SpanEvent("dump", 5, {"heap": "z" * 3_000})]
    assert writer.submit([span(ORDER, 1, attributes=long, events=events)], []).result(10) == []
    found = read(ORDER, 1, longest="2000")
    assert found["cut"] == {
        "/attributes/body~1raw": 1_000_000,
        "/attributes/list": 3_891,
        "/events/0/attributes/heap": 3_000,
    }
    assert found["attributes"]["body/raw"] == "x" * 2_000
    assert (found["attributes"]["short"], found["attributes"]["number"]) == ("y", 7)
    whole = read(ORDER, 1)
    assert (whole["cut"], len(whole["attributes"]["body/raw"])) == ({}, 1_000_000)
    assert read(ORDER, 1, longest="0")["field"] == "longest"


def test_spans_of_other_traces_are_read_from_both_ends_of_their_links(writer: Writer) -> None:
    linking = span(SWEEP, 5, links=[SpanLink(ORDER, f"{1:016x}"), SpanLink("d" * 32, "e" * 16)])
    within = span(ORDER, 2, links=[SpanLink(ORDER, f"{1:016x}")])
    assert writer.submit([linking, span(ORDER, 1), within], []).result(10) == []
    assert [each.name for each in spans_elsewhere(ORDER, [within])] == ["web 5"]
    assert [each.name for each in spans_elsewhere(SWEEP, [linking])] == ["web 1"]
    assert spans_elsewhere("f" * 32, []) == []
