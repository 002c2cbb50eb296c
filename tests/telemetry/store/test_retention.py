"""What arrived first goes first, whole traces at a time, and what is within the limits stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from telemetry.models import Arrival, Interned, LogRow, SpanRow, TraceRow, TraceService
from telemetry.reading import queries
from telemetry.records import LogRecord, Resource, Span
from telemetry.store import retention
from telemetry.store.retention import Limits, Retention, remove_unused_interned, used_bytes
from telemetry.store.writer import Writer
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from django.conf import LazySettings

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


def drain(removing: Retention, allowed: Limits) -> None:
    for _ in range(1_000):
        if not removing.slice(allowed, now_ns=NOW):
            return
    raise AssertionError("retention does not come to an end")


def traces() -> set[str]:
    return set(TraceRow.objects.values_list("trace_id", flat=True))


def test_what_is_within_the_limits_stays(writer: Writer) -> None:
    writer.submit([span(1, age=10)], [LogRecord(time_unix_nano=NOW, body="a")]).result(10)
    drain(Retention(), ROOMY)
    assert (SpanRow.objects.count(), LogRow.objects.count()) == (1, 1)


def test_what_arrived_too_long_ago_goes_with_its_logs_and_sums(writer: Writer) -> None:
    removing = Retention()
    old = span(1, age=10)
    log = LogRecord(time_unix_nano=NOW, body="a", trace_id=old.trace_id)
    lone = LogRecord(time_unix_nano=NOW, body="of no trace")
    writer.submit([old], [log, lone]).result(10)
    removing.slice(ROOMY, now_ns=NOW - 7_200 * SECOND)
    writer.submit([span(2, age=10)], []).result(10)
    drain(removing, ROOMY)
    assert traces() == {f"{2:032x}"}
    assert LogRow.objects.count() == 0
    assert set(TraceService.objects.values_list("trace_id", flat=True)) == {f"{2:032x}"}
    assert removing.removed == 3


def test_what_arrived_at_the_limit_of_age_stays_a_nanosecond_longer(writer: Writer) -> None:
    writer.submit([span(1, age=0)], []).result(10)
    removing = Retention()
    removing.slice(ROOMY, now_ns=NOW - ROOMY.age_seconds * SECOND + 1)
    drain(removing, ROOMY)
    assert SpanRow.objects.count() == 1
    assert removing.slice(ROOMY, now_ns=NOW + 1)
    assert SpanRow.objects.count() == 0


def test_records_of_long_ago_that_arrive_now_are_kept(writer: Writer) -> None:
    line = LogRecord(time_unix_nano=1, body="of 1970")
    writer.submit([span(1, age=900_000)], [line]).result(10)
    drain(Retention(), ROOMY)
    assert (SpanRow.objects.count(), LogRow.objects.count()) == (1, 1)


def test_what_a_person_imported_does_not_grow_too_old(writer: Writer) -> None:
    removing = Retention()
    line = LogRecord(time_unix_nano=NOW, body="of no trace")
    writer.submit([span(1, age=0)], [line], imported=True).result(10)
    writer.submit([span(2, age=0)], [line]).result(10)
    removing.slice(ROOMY, now_ns=NOW - 7_200 * SECOND)
    drain(removing, ROOMY)
    assert traces() == {f"{1:032x}"}
    assert [row.imported for row in LogRow.objects.all()] == [True]
    drain(removing, replace(ROOMY, records=0))
    assert traces() == set()


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


def test_at_the_limits_nothing_goes(writer: Writer) -> None:
    writer.submit([span(n, age=10) for n in range(20)], []).result(10)
    exact = replace(ROOMY, records=20, bytes=used_bytes())
    assert not Retention().slice(exact, now_ns=NOW)
    assert SpanRow.objects.count() == 20


@pytest.mark.parametrize("limit", ["records", "bytes"])
def test_beyond_a_limit_a_twentieth_more_than_the_excess_goes(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(retention, "used_bytes", lambda: SpanRow.objects.count())
    monkeypatch.setattr(retention, "TRACES_A_SLICE", 1)
    writer.submit([span(n, age=10) for n in range(41)], []).result(10)
    drain(Retention(), replace(ROOMY, **{limit: 40}))
    assert SpanRow.objects.count() == 38


def test_one_line_too_many_goes(writer: Writer) -> None:
    lines = [LogRecord(time_unix_nano=NOW, body=str(n)) for n in range(3)]
    writer.submit([], lines).result(10)
    drain(Retention(), replace(ROOMY, records=2))
    assert LogRow.objects.count() == 2


def test_the_room_of_what_has_gone_is_free(writer: Writer) -> None:
    empty = used_bytes()
    writer.submit([span(n, age=10) for n in range(500)], []).result(10)
    full = used_bytes()
    assert full > empty
    drain(Retention(), replace(ROOMY, records=0))
    assert used_bytes() < full


def test_arrivals_are_noted_once_a_minute_and_those_before_the_oldest_forgotten(
    writer: Writer,
) -> None:
    sliced = Retention()
    noted = []
    for number, seconds in enumerate((0, 59, 60, 120, ROOMY.age_seconds + 60)):
        writer.submit([span(number, age=0)], []).result(10)
        at_ns = NOW + seconds * SECOND
        sliced.slice(ROOMY, now_ns=at_ns)
        noted.append(
            [(at - NOW) // SECOND for at in Arrival.objects.values_list("at_ns", flat=True)]
        )
    assert noted == [[0], [0], [0, 60], [0, 60, 120], [60, 120, ROOMY.age_seconds + 60]]


def test_the_limits_are_those_of_the_settings(settings: LazySettings) -> None:
    settings.TELEMETRY_MAX_SPANS = 7
    settings.TELEMETRY_MAX_AGE_SECONDS = 60
    settings.TELEMETRY_MAX_MEGABYTES = 3
    assert retention.limits() == Limits(records=7, age_seconds=60, bytes=3 * 1_048_576)


def test_a_writer_removes_by_itself_between_batches() -> None:
    queries._interned.cache_clear()
    removing = Retention()
    small = replace(ROOMY, records=10)
    made = Writer(lambda: removing.slice(small, now_ns=NOW))
    try:
        made.submit([span(n, age=100 - n) for n in range(60)], []).result(10)
        eventually(lambda: SpanRow.objects.count() <= 10, seconds=15)
    finally:
        made.stop()


def test_resources_that_nothing_names_are_removed(writer: Writer) -> None:
    gone = replace(span(1, age=10), resource=Resource({"service.name": "gone"}))
    writer.submit([gone, span(2, age=10)], []).result(10)
    Retention().remove_traces([gone.trace_id])
    before = Interned.objects.count()
    assert len(remove_unused_interned()) == 1
    assert Interned.objects.count() == before - 1
    assert [each.resource for each in queries.trace_records(f"{2:032x}")[0]] == [RESOURCE]
