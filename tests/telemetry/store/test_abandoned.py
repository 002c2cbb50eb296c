"""A span whose process has gone is marked; an end that comes all the same still counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from labsite.abandonment import has_died
from telemetry.abandoned import SpanSource, abandoned
from telemetry.models import TraceRow
from telemetry.reading import queries
from telemetry.records import Resource, Span

if TYPE_CHECKING:
    from telemetry.store.writer import Writer

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)

TRACE = "a" * 32
OPEN = Span(
    trace_id=TRACE,
    span_id="b" * 16,
    name="job",
    start_time_unix_nano=1_000,
    state="open",
    resource=Resource(
        {"service.name": "worker", "service.instance.id": "one", "process.pid": 4321}
    ),
)
ENDED = replace(OPEN, end_time_unix_nano=5_000, state="ended")


def stored() -> tuple[str, int]:
    row = TraceRow.objects.get(trace_id=TRACE)
    span = queries.span(TRACE, OPEN.span_id)
    assert span is not None
    assert row.span_count == 1
    return span.state, row.open_count


def test_an_open_span_of_a_process_that_has_gone_is_abandoned(writer: Writer) -> None:
    writer.submit([OPEN], []).result(10)
    assert stored() == ("open", 1)
    found = abandoned(lambda teller, _began: teller == SpanSource("worker", "one", 4321))
    writer.submit(found, []).result(10)
    assert stored() == ("abandoned", 0)
    assert abandoned(lambda _teller, _began: True) == []


def test_one_whose_process_lives_is_left_open(writer: Writer) -> None:
    writer.submit([OPEN], []).result(10)
    assert abandoned(lambda _teller, _began: False) == []


@pytest.mark.parametrize("between", [True, False])
def test_an_end_that_comes_all_the_same_counts(writer: Writer, between: bool) -> None:
    writer.submit([OPEN], []).result(10)
    if between:
        writer.submit([replace(OPEN, state="abandoned")], []).result(10)
    writer.submit([ENDED], []).result(10)
    assert stored() == ("ended", 0)
    writer.submit([replace(OPEN, state="abandoned"), OPEN], []).result(10)
    assert stored() == ("ended", 0)


def test_only_a_process_of_the_lab_that_is_another_now_has_died() -> None:
    living = {"worker": 1, "api": None}
    assert has_died(SpanSource("worker", "one", 4321), living)
    assert has_died(SpanSource("api", "one", 4321), living)
    assert not has_died(SpanSource("worker", "one", 1), living)
    assert not has_died(SpanSource("a stranger", "one", 4321), living)
    assert not has_died(SpanSource("worker", "one", None), living)
