from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.model.clocks import (
    clocks_disagree,
    disagreement_ms,
    moved_logs,
    moved_spans,
    worst_disagreement,
)
from evidence.model.crossing import Crossing
from evidence.model.trace import NANOS_PER_MS
from telemetry.records import SpanEvent
from tests.evidence import build


def crossing(
    *, sent: float, over: float, arrived: float, left: float, error_kind: str = ""
) -> Crossing:
    """A call by the sender's clock, and its arrival by the receiver's; in milliseconds."""
    story = build.Story()
    client = story.span("api", "POST", sent, over, kind="CLIENT")
    server = story.span("worker", "POST /jobs/reserve-stock", arrived, left, parent=client)
    return Crossing("api", "worker", None, client, (server,), None, error_kind)


@pytest.mark.parametrize(
    ("times", "disagreement"),
    [
        ((10, 20, 12, 18), 0),
        # It arrived before it was sent.
        ((10, 20, 5, 18), 5),
        ((10, 20, 8, 18), 0),
        ((10, 20, 7.9, 18), 2),
        # The answer left after it had come.
        ((10, 20, 12, 24), 4),
        ((10, 20, 12, 22), 0),
        # Both: the greater of the two counts.
        ((10, 20, 4, 23), 6),
        ((10, 20, 7, 26), 6),
    ],
)
def test_clocks_disagree_by_what_no_call_can_explain(
    times: tuple[float, float, float, float], disagreement: int
) -> None:
    sent, over, arrived, left = times
    found = crossing(sent=sent, over=over, arrived=arrived, left=left)
    assert disagreement_ms(found) == disagreement
    assert clocks_disagree(found) is (disagreement > 0)


def test_an_answer_that_came_too_late_shows_no_disagreement() -> None:
    late = crossing(sent=10, over=20, arrived=12, left=40, error_kind="read_timeout")
    assert disagreement_ms(late) == 0


def test_of_a_duplicate_nobody_knows_which_answer_came() -> None:
    first = crossing(sent=10, over=20, arrived=12, left=18)
    second = crossing(sent=10, over=20, arrived=13, left=40)
    both = replace(first, arrivals=(*first.arrivals, *second.arrivals))
    assert disagreement_ms(both) == 0


def test_without_a_sending_or_an_arrival_nothing_can_disagree() -> None:
    found = crossing(sent=10, over=20, arrived=0, left=18)
    assert disagreement_ms(replace(found, client=None)) == 0
    assert disagreement_ms(replace(found, arrivals=())) == 0


def test_the_worst_of_several_is_found_and_none_where_all_agree() -> None:
    agreed = crossing(sent=10, over=20, arrived=12, left=18)
    bad = crossing(sent=10, over=20, arrived=5, left=18)
    worse = crossing(sent=10, over=20, arrived=1, left=18)
    assert worst_disagreement([agreed, bad, worse, bad]) is worse
    assert worst_disagreement([agreed]) is None
    assert worst_disagreement([]) is None


def test_a_moved_clock_moves_begin_end_and_events_of_its_own_service_alone() -> None:
    story = build.happy()
    story.spans = [
        replace(span, events=[SpanEvent("note", span.start_time_unix_nano + 7)])
        for span in story.spans
    ]
    moved = moved_spans(story.spans, {"worker": -3 * NANOS_PER_MS})
    for before, after in zip(story.spans, moved, strict=True):
        by = -3 * NANOS_PER_MS if before.resource.service_name == "worker" else 0
        assert after.start_time_unix_nano - before.start_time_unix_nano == by
        assert after.end_time_unix_nano - before.end_time_unix_nano == by
        assert after.events[0].time_unix_nano - before.events[0].time_unix_nano == by
    for line, moved_line in zip(
        story.logs, moved_logs(story.logs, {"api": NANOS_PER_MS}), strict=True
    ):
        by = NANOS_PER_MS if line.resource.service_name == "api" else 0
        assert moved_line.time_unix_nano - line.time_unix_nano == by


def test_an_open_span_stays_open_and_an_ended_one_ended_however_far_it_moves() -> None:
    story = build.running()
    story.span("worker", "x", 1, 2)
    story.spans[-1] = replace(story.spans[-1], events=[SpanEvent("note", build.at(1))])
    moved = moved_spans(story.spans, {"worker": -build.at(10_000), "api": NANOS_PER_MS})
    for before, after in zip(story.spans, moved, strict=True):
        assert bool(after.end_time_unix_nano) == bool(before.end_time_unix_nano)
    far = moved[-1]
    assert (far.start_time_unix_nano, far.end_time_unix_nano) == (1, 1)
    assert far.events[0].time_unix_nano == 1
    assert moved_logs(story.logs, {"worker": -build.at(10_000)})[-1].time_unix_nano == 1


def test_a_time_that_is_not_on_record_is_not_moved() -> None:
    story = build.happy()
    log = replace(story.logs[0], time_unix_nano=0, observed_time_unix_nano=build.at(5))
    span = replace(story.spans[0], start_time_unix_nano=0)
    offsets = {log.resource.service_name: 7, span.resource.service_name: 7}
    (moved,) = moved_logs([log], offsets)
    assert (moved.time_unix_nano, moved.observed_time_unix_nano) == (0, build.at(5) + 7)
    assert moved_spans([span], offsets)[0].start_time_unix_nano == 0
