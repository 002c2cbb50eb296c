"""What is delivered is stored once, however often it comes and in whatever order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from telemetry.models import TraceRow
from telemetry.reading import queries, search
from telemetry.records import LogRecord, Resource, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from telemetry.store.writer import Writer

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)

TRACE = "a" * 32
SPAN = Span(
    trace_id=TRACE,
    span_id="b" * 16,
    name="GET /",
    start_time_unix_nano=1_000,
    end_time_unix_nano=5_000,
    kind="SERVER",
    status_code="ERROR",
    attributes={"text": "x", "raw": b"\x00\xff", "nan": float("inf"), "list": [1, "two"]},
    events=[SpanEvent("happened", 2_000, {"n": 1})],
    links=[SpanLink("c" * 32, "d" * 16)],
    resource=Resource({"service.name": "shop", "service.instance.id": "one"}),
)
LOG = LogRecord(time_unix_nano=3_000, body="hello", trace_id=TRACE, resource=SPAN.resource)


def test_a_record_comes_back_as_it_was(writer: Writer) -> None:
    writer.submit([SPAN], [LOG]).result(10)
    spans, logs, truncated = queries.trace_records(TRACE)
    assert [replace(span, seq=0) for span in spans] == [SPAN]
    assert [replace(log, seq=0) for log in logs] == [LOG]
    assert not truncated


def test_a_batch_sent_twice_is_stored_once(writer: Writer) -> None:
    for _ in range(2):
        writer.submit([SPAN], [LOG]).result(10)
    spans, logs, _ = queries.trace_records(TRACE)
    assert (len(spans), len(logs)) == (1, 1)
    row = TraceRow.objects.get(trace_id=TRACE)
    assert (row.span_count, row.error_count, row.open_count) == (1, 1, 0)


def test_an_end_replaces_its_start_and_not_the_other_way_round(writer: Writer) -> None:
    started = replace(SPAN, end_time_unix_nano=0, status_code="UNSET", state="open")
    writer.submit([started], []).result(10)
    assert TraceRow.objects.get(trace_id=TRACE).open_count == 1
    writer.submit([SPAN], []).result(10)
    writer.submit([started], []).result(10)
    [span], _, _ = queries.trace_records(TRACE)
    assert (span.state, span.end_time_unix_nano) == ("ended", 5_000)
    row = TraceRow.objects.get(trace_id=TRACE)
    assert (row.span_count, row.open_count) == (1, 0)


def test_the_feed_misses_nothing_and_repeats_nothing(writer: Writer) -> None:
    spans = [replace(SPAN, span_id=f"{n:016x}") for n in range(1, 26)]
    for span in spans:
        writer.submit([span], []).result(10)
    seen: list[str] = []
    cursor = 0
    while True:
        page, _, following = queries.records_after(cursor, limit=7)
        if following == cursor:
            break
        seen += [span.span_id for span in page]
        cursor = following
    assert seen == [span.span_id for span in spans]


@pytest.mark.parametrize("logs_first", [True, False])
def test_a_late_log_does_not_lengthen_a_trace(writer: Writer, logs_first: bool) -> None:
    early, late = replace(LOG, time_unix_nano=500), replace(LOG, time_unix_nano=90_000)
    writer.submit([] if logs_first else [SPAN], [early] if logs_first else []).result(10)
    writer.submit([SPAN] if logs_first else [], [late]).result(10)
    writer.submit([], [replace(late, body="again")]).result(10)
    row = TraceRow.objects.get(trace_id=TRACE)
    assert (row.start_ns, row.end_ns) == (1_000, 5_000)


def test_a_span_that_ends_later_lengthens_its_trace(writer: Writer) -> None:
    started = replace(SPAN, end_time_unix_nano=0, status_code="UNSET", state="open")
    writer.submit([started], []).result(10)
    writer.submit([SPAN], []).result(10)
    row = TraceRow.objects.get(trace_id=TRACE)
    assert (row.start_ns, row.end_ns) == (1_000, 5_000)


def test_a_trace_of_logs_alone_is_listed_with_its_service_and_time(writer: Writer) -> None:
    writer.submit([], [LOG]).result(10)
    [row], _ = search.find(search.TraceFilter(service="shop"))
    [summary] = queries.summaries([row])
    assert (row.trace_id, row.start_ns, row.span_count) == (TRACE, 3_000, 0)
    assert [each.service for each in summary.services] == ["shop"]
