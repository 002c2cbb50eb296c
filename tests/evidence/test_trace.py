from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from evidence.model.trace import Trace, duration_ms, number
from tests.evidence import build

if TYPE_CHECKING:
    from telemetry.records import Span


@pytest.mark.parametrize("open_first", [True, False])
def test_of_a_span_that_is_reported_open_and_ended_the_ended_one_is_kept(
    open_first: bool,
) -> None:
    story = build.Story()
    ended = story.span("api", "x", 0, 7)
    both = [replace(ended, end_time_unix_nano=0, state="open"), ended]
    trace = Trace(both if open_first else both[::-1], [])
    assert trace.spans == (ended,)


def test_a_span_that_is_its_own_parent_is_nobodys_child() -> None:
    story = build.Story()
    span = story.span("api", "x", 0, 7)
    own = replace(span, parent_span_id=span.span_id)
    root = story.span("api", "y", 0, 7)
    trace = Trace([own, root], [])
    assert [*trace.ancestors(own), *trace.descendants(own), *trace.children(own)] == []
    assert trace.parent(root) is None


def test_a_walk_to_the_ancestors_ends_where_one_is_missing_or_comes_round_again() -> None:
    story = build.Story()
    first = story.span("api", "a", 0, 9)
    second = story.span("api", "b", 1, 8, parent=first)
    third = story.span("api", "c", 2, 7, parent=second)
    assert [*Trace(story.spans, []).ancestors(third)] == [second, first]
    story.spans[0] = replace(first, parent_span_id=third.span_id)
    assert [*Trace(story.spans, []).ancestors(third)] == [second, story.spans[0]]


def test_logs_belong_to_the_span_that_they_were_written_in_and_those_of_none_to_none() -> None:
    story = build.Story()
    span = story.span("api", "x", 0, 9)
    line = story.log(span, "within", 1)
    without = replace(story.log(span, "outside", 2), span_id="")
    trace = Trace([span], [line, without])
    assert trace.logs_of(span) == [line]
    assert trace.logs_of(replace(span, span_id="")) == []


def test_a_duration_is_never_negative_and_none_while_a_span_is_open() -> None:
    story = build.Story()
    span = story.span("api", "x", 5, 9)
    assert duration_ms(span) == 4
    assert duration_ms(replace(span, end_time_unix_nano=build.at(1))) == 0
    assert duration_ms(replace(span, end_time_unix_nano=0)) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 3), ("4", 4), ("4.6", 5), (2.5, 2), (True, None), ("fast", None), (float("inf"), None)],
)
def test_a_number_is_read_from_what_is_one(value: float | str, expected: int | None) -> None:
    story = build.Story()
    span = story.span("api", "x", 0, 1, attempt=value)
    assert number(span, "missing", "attempt") == expected


def shared(story: build.Story) -> tuple[Span, Span, Span, Span]:
    """A call whose two sides have one span id, and what each side did within it."""
    root = story.span("shop", "checkout", 0, 90)
    call = story.span("shop", "POST", 10, 80, parent=root, kind="CLIENT")
    serve = story.span("bank", "POST /pay", 12, 78, parent=root, kind="SERVER")
    serve = story.change(serve, span_id=call.span_id)
    inner = story.span("bank", "charge", 20, 60, parent=serve)
    own = story.span("shop", "connect", 10, 11, parent=call)
    return call, serve, inner, own


def test_of_a_span_id_that_both_sides_of_a_call_share_both_are_kept_each_with_its_own() -> None:
    story = build.Story()
    call, serve, inner, own = shared(story)
    trace = Trace(story.spans, [])
    assert trace.shared == [[call, serve]]
    assert trace.parent(serve) == call
    assert trace.children(call) == [own, serve]
    assert trace.children(serve) == [inner]
    assert [*trace.descendants(call)] == [own, serve, inner]
    assert [*trace.ancestors(inner)][:2] == [serve, call]
    assert trace.span(call.span_id) == call
    assert trace.span(call.span_id, service="bank") == serve


def test_a_log_of_a_shared_span_id_belongs_to_the_span_of_its_own_service() -> None:
    story = build.Story()
    call, serve, *_ = shared(story)
    sent, taken = story.log(call, "sent", 10), story.log(serve, "taken", 12)
    trace = Trace(story.spans, story.logs)
    assert (trace.logs_of(call), trace.logs_of(serve)) == ([sent], [taken])


def test_of_a_shared_span_id_the_call_is_seen_to_arrive_and_it_is_said() -> None:
    story = build.Story()
    shared(story)
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)
    requests = [one for one in found["messages"] if one["kind"] == "request"]
    assert [(one["from"], one["to"], one["outcome"]) for one in requests] == [
        ("shop", "bank", "delivered")
    ]
    texts = [one["text"] for one in found["diagnosis"]["sentences"]]
    assert any("have one span id" in text for text in texts)


def test_an_unknown_start_is_no_moment_in_1970() -> None:
    story = build.happy()
    span = story.span("worker", "stock.reserve", 0, 20)
    story.change(span, start_time_unix_nano=0)
    assert duration_ms(story.spans[-1]) is None
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)
    assert all(int(one["timeUnixNano"]) >= build.START for one in found["truths"]["moments"])
    assert all(int(one["sentUnixNano"]) >= build.START for one in found["messages"])
    assert not any("clocks" in one["code"] for one in found["diagnosis"]["sentences"])
