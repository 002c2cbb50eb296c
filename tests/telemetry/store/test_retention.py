"""What is oldest goes first, whole traces at a time, and what is within the limits stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from telemetry import queries
from telemetry.models import Interned, LogRow, SpanRow, TraceRow, TraceService
from telemetry.records import LogRecord, Resource, Span
from telemetry.retention import Limits, Retention, remove_unused_interned
from telemetry.store import Writer
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)

SECOND = 1_000_000_000
NOW = 1_000_000 * SECOND
ROOMY = Limits(records=1_000_000, age_seconds=3_600, bytes=1 << 40)
RESOURCE = Resource({"service.name": "shop", "service.instance.id": "one"})


def span(trace: int, *, age: int, number: int = 0) -> Span:
    start = NOW - age * SECOND
    return Span(
        trace_id=f"{trace:032x}",
        span_id=f"{trace * 100 + number:016x}",
        name="GET /",
        start_time_unix_nano=start,
        end_time_unix_nano=start + 1_000,
        resource=RESOURCE,
    )


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer of the test's own."""
    queries._interned.cache_clear()
    made = Writer()
    yield made
    made.stop()


def drain(retention: Retention, allowed: Limits) -> None:
    for _ in range(1_000):
        if not retention.slice(allowed, now_ns=NOW):
            return
    raise AssertionError("retention does not come to an end")


def traces() -> set[str]:
    return set(TraceRow.objects.values_list("trace_id", flat=True))


def test_what_is_within_the_limits_stays(writer: Writer) -> None:
    writer.submit([span(1, age=10)], [LogRecord(time_unix_nano=NOW, body="a")]).result(10)
    drain(Retention(), ROOMY)
    assert (SpanRow.objects.count(), LogRow.objects.count()) == (1, 1)


def test_what_is_too_old_goes_with_its_logs_and_sums(writer: Writer) -> None:
    old = span(1, age=7_200)
    log = LogRecord(time_unix_nano=NOW - 7_200 * SECOND, body="a", trace_id=old.trace_id)
    lone = LogRecord(time_unix_nano=NOW - 7_200 * SECOND, body="of no trace")
    writer.submit([old, span(2, age=10)], [log, lone]).result(10)
    retention = Retention()
    drain(retention, ROOMY)
    assert traces() == {f"{2:032x}"}
    assert LogRow.objects.count() == 0
    assert set(TraceService.objects.values_list("trace_id", flat=True)) == {f"{2:032x}"}
    assert retention.removed == 3


def test_beyond_the_count_the_oldest_traces_go_whole(writer: Writer) -> None:
    spans = [span(n, age=1_000 - n, number=k) for n in range(200) for k in range(3)]
    writer.submit(spans, []).result(10)
    drain(Retention(), replace(ROOMY, records=300))
    left = traces()
    assert SpanRow.objects.count() == 3 * len(left) <= 300
    assert left == {f"{n:032x}" for n in range(200 - len(left), 200)}


def test_beyond_the_count_the_oldest_lines_of_no_trace_go(writer: Writer) -> None:
    lines = [LogRecord(time_unix_nano=NOW + n, body=str(n)) for n in range(30)]
    writer.submit([], lines).result(10)
    drain(Retention(), replace(ROOMY, records=20))
    assert list(LogRow.objects.order_by("seq").values_list("msg", flat=True)) == [
        str(n) for n in range(10, 30)
    ]


def test_beyond_the_bytes_something_goes(writer: Writer) -> None:
    writer.submit([span(n, age=10) for n in range(500)], []).result(10)
    drain(Retention(), replace(ROOMY, bytes=1))
    assert SpanRow.objects.count() == 0


def test_a_writer_removes_by_itself_between_batches() -> None:
    queries._interned.cache_clear()
    retention = Retention()
    small = replace(ROOMY, records=10)
    made = Writer(lambda: retention.slice(small, now_ns=NOW))
    try:
        made.submit([span(n, age=100 - n) for n in range(60)], []).result(10)
        eventually(lambda: SpanRow.objects.count() <= 10, seconds=15)
    finally:
        made.stop()


def test_resources_that_nothing_names_are_removed(writer: Writer) -> None:
    gone = replace(span(1, age=7_200), resource=Resource({"service.name": "gone"}))
    writer.submit([gone, span(2, age=10)], []).result(10)
    drain(Retention(), ROOMY)
    before = Interned.objects.count()
    assert len(remove_unused_interned()) == 1
    assert Interned.objects.count() == before - 1
    assert [each.resource for each in queries.trace_records(f"{2:032x}")[0]] == [RESOURCE]
