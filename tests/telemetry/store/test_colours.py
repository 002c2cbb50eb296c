"""A service is given its colour once: another than those beside it, one that few have."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client

from telemetry.models import ServiceColour, TraceRow
from telemetry.reading.colours import colours
from telemetry.records import LogRecord, Resource, Span
from telemetry.store.colours import COLOURS, OWN
from telemetry.store.retention import Retention
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer of the test's own."""
    made = Writer()
    yield made
    made.stop()


def store(writer: Writer, trace: int, *services: str) -> None:
    """Store a trace through ``services``."""
    spans = [
        Span(
            f"{trace:032x}", f"{n + 1:016x}", "GET /", 1, 2, resource=Resource({"service.name": s})
        )
        for n, s in enumerate(services)
    ]
    assert writer.submit(spans, []).result(10) == []


def test_services_of_one_trace_differ_and_those_of_many_share_evenly(writer: Writer) -> None:
    store(writer, 1, *(f"s{n}" for n in range(COLOURS)))
    assert sorted(colours().values()) == list(range(COLOURS))
    for trace in range(2, 2 + COLOURS):
        store(writer, trace, f"t{trace}")
    given = list(colours().values())
    assert {given.count(n) for n in range(COLOURS)} == {2}


def test_who_joins_a_trace_later_differs_from_those_who_are_there(writer: Writer) -> None:
    store(writer, 1, "web", "shop")
    for trace in range(2, 30):
        store(writer, trace, f"other{trace}")
    spans = Span(f"{1:032x}", "c" * 16, "GET", 1, 2, resource=Resource({"service.name": "bank"}))
    assert writer.submit([spans], []).result(10) == []
    given = colours(["web", "shop", "bank"])
    assert len(set(given.values())) == 3


def test_the_labs_own_have_the_first_ones_whenever_they_come(writer: Writer) -> None:
    store(writer, 1, "web", "shop", "bank")
    store(writer, 2, "worker", "api", "client")
    given = colours()
    assert {name: given[name] for name in OWN} == OWN
    assert set(OWN.values()).isdisjoint(given[name] for name in ("web", "shop", "bank"))


def test_a_service_keeps_its_colour_when_its_traces_have_gone(writer: Writer) -> None:
    store(writer, 1, "web", "shop")
    before = colours()
    Retention().remove_traces(list(TraceRow.objects.values_list("trace_id", flat=True)))
    store(writer, 2, "bank", "shop")
    assert before.items() <= colours().items()
    again = Writer()
    store(again, 3, "mail", "shop")
    again.stop()
    assert before.items() <= colours().items()


def test_a_service_with_logs_alone_has_one_and_every_page_is_told(writer: Writer) -> None:
    record = LogRecord(5, trace_id="a" * 32, resource=Resource({"service.name": "lonely"}))
    assert writer.submit([], [record]).result(10) == []
    page = Client(headers={"host": "localhost"}).get("/traces").content.decode()
    assert f'"lonely": {colours()["lonely"]}' in page


def test_services_stored_before_are_given_theirs_by_the_migration(writer: Writer) -> None:
    store(writer, 1, "web", "shop", "api")
    ServiceColour.objects.all().delete()
    with connections["telemetry"].schema_editor() as editor:
        import_module("telemetry.migrations.0005_service_colours")._colour_services(apps, editor)
    given = colours()
    assert given["api"] == OWN["api"]
    assert len(set(given.values())) == 3
