"""The telemetry of some services is removed; what others sent, or a person imported, stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telemetry.models import Arrival, LogRow, SpanRow, TraceRow, TraceService
from telemetry.records import LogRecord, Resource, Span
from telemetry.store import retention
from telemetry.store.retention import Retention
from telemetry.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)
BEGAN, LATER = 1_000, 9_000


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    monkeypatch.setattr(retention, "TRACES_A_SLICE", 2)
    monkeypatch.setattr(retention, "LOGS_A_SLICE", 2)
    made = Writer()
    yield made
    made.stop()


def store(
    writer: Writer, number: int, service: str, *, at: int = BEGAN, imported: bool = False
) -> str:
    """Store a trace of one span with a log record, and a log record of no trace."""
    resource = Resource({"service.name": service})
    trace_id = f"{number:032x}"
    span = Span(trace_id, f"{number:016x}", "s", at, at + 1, resource=resource)
    of_trace = LogRecord(at, body=f"of {number}", trace_id=trace_id, resource=resource)
    alone = LogRecord(at, body=f"alone {number}", resource=resource)
    writer.submit([span], [of_trace, alone], imported=imported).result(10)
    return trace_id


def test_traces_and_logs_of_these_services_go_in_slices(writer: Writer) -> None:
    for number in range(1, 6):
        store(writer, number, "api" if number % 2 else "worker")
    removed = Retention().remove_services(["api", "worker"], until_ns=BEGAN)
    assert removed == (5, 5)
    for model in (TraceRow, TraceService, SpanRow, LogRow, Arrival):
        assert not model._default_manager.exists()


def test_what_is_of_others_newer_or_imported_stays(writer: Writer) -> None:
    store(writer, 1, "api")
    kept = {
        store(writer, 2, "shop"),
        store(writer, 3, "api", at=LATER),
        store(writer, 4, "api", imported=True),
    }
    assert Retention().remove_services(["api"], until_ns=BEGAN) == (1, 1)
    assert set(TraceRow.objects.values_list("trace_id", flat=True)) == kept
    assert set(LogRow.objects.values_list("msg", flat=True)) == {
        f"{what} {number}" for number in (2, 3, 4) for what in ("of", "alone")
    }


def test_what_is_stored_afterwards_has_its_place(writer: Writer) -> None:
    store(writer, 1, "api")
    Arrival.objects.create(seq=10, at_ns=5)
    Retention().remove_services(["api"], until_ns=BEGAN)
    store(writer, 2, "api", at=LATER)
    assert not Arrival.objects.exists()
    assert TraceRow.objects.get().trace_id == f"{2:032x}"
