"""At each moment the evidence shows the records of that moment, and what could be known by them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from evidence.evaluation import evidence_of
from evidence.explanation import perspectives_of
from evidence.model.trace import Trace, moment
from evidence.windows import FaultWindow
from tests.evidence import build
from tests.evidence.calls.run import TRACE
from tests.evidence.calls.test_no_contradiction import CLAIMS as CALL_CLAIMS
from tests.evidence.calls.test_no_contradiction import Seen, call_of
from tests.evidence.calls.worlds import World, worlds
from tests.evidence.claims import CLAIMS, NO_CLAIM, View
from tests.evidence.history import History, histories
from tests.evidence.says import SAYS
from tests.evidence.test_no_contradiction import SIDES, contradictions, messages
from tests.evidence.until import until
from tests.support.properties import for_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence.model.perspective import Perspective
    from evidence.model.trace import Record
    from evidence.wire import EvidenceJson
    from telemetry.records import LogRecord, Span

# Each moment as likely as another.
WHEN = st.integers(0, 2**32).map(lambda seed: Random(seed).random())  # noqa: S311 # no secret
RANDOMS = st.randoms(use_true_random=False)
# Of these codes one answer says less than another: it may be followed by that one, never the
# other way round.
LEAST = {"unknown", "no", "nothing"}


def moments(spans: Iterable[Span], logs: Iterable[LogRecord]) -> list[int]:
    """Whenever something begins, ends or is written."""
    found = {time for span in spans for time in (moment(span), span.end_time_unix_nano)}
    return sorted({*found, *map(moment, logs)} - {0})


def moment_of(story: build.Story, share: float) -> int:
    """One of a story's moments."""
    found = moments(story.spans, story.logs)
    return found[round(share * (len(found) - 1))]


def with_calls_within(story: build.Story) -> build.Story:
    """The same story, in which what surrounds a call ends a moment after it."""
    nanos = 250_000
    spans = [
        replace(span, end_time_unix_nano=span.end_time_unix_nano - nanos)
        if span.name == "POST" and span.end_time_unix_nano - nanos > span.start_time_unix_nano
        else span
        for span in story.spans
    ]
    return build.Story(spans, story.logs)


def views(found: EvidenceJson) -> Any:
    """What the views show, beside the diagnosis."""
    return found["checklist"], found["messages"], found["truths"], found["lanes"], found["hidden"]


def seen_at(
    story: build.Story, at: int | None, perspective: Perspective = "all", **more: Any
) -> EvidenceJson:
    spans, logs = story.spans, story.logs
    return evidence_of(spans, logs, trace_id=build.TRACE_ID, perspective=perspective, at=at, **more)


def with_another_future(
    spans: Iterable[Span], logs: Iterable[LogRecord], at: int, random: Random
) -> tuple[list[Span], list[LogRecord]]:
    """The same records until ``at``; everything after it goes differently."""
    kept = [span for span in spans if moment(span) <= at]
    return (
        [_otherwise(span, random) if span.end_time_unix_nano > at else span for span in kept],
        [log for log in logs if moment(log) <= at],
    )


def _otherwise(span: Span, random: Random) -> Span:
    return replace(
        span,
        end_time_unix_nano=span.end_time_unix_nano + random.randint(0, 10**9),
        status_code=random.choice(["UNSET", "ERROR"]),
        status_message="otherwise",
        attributes={
            **span.attributes,
            "error.type": random.choice(["read_timeout", "connect_refused"]),
            "http.response.status_code": random.choice([200, 503]),
            "lab.elapsed_ms": 7,
            "lab.reservation": random.choice(["RESERVED", "REJECTED"]),
        },
    )


def times(found: EvidenceJson) -> Iterator[int]:
    """Each moment that an answer names."""
    for each in found["messages"]:
        known = (each["sentUnixNano"], each["receivedUnixNano"], each["gaveUpUnixNano"])
        yield from (int(value) for value in known if value is not None)
    yield from (int(each["timeUnixNano"]) for each in found["truths"]["moments"])


def certain(found: EvidenceJson) -> list[dict[str, Any]]:
    sentences = found["diagnosis"]["sentences"]
    return [each for one in sentences if one["kind"] == "certain" for each in messages(one)]


@for_all(histories(), SIDES, WHEN, RANDOMS, examples=100)
def test_at_each_moment_exactly_the_records_of_that_moment_are_shown(
    history: History, perspective: Perspective, share: float, random: Random
) -> None:
    story = history.story
    at = moment_of(story, share)
    found = seen_at(story, at, perspective)
    own: list[Record] = [*story.spans, *story.logs]
    if perspective != "all":
        own = [each for each in own if each.resource.service_name == perspective]
    shown = found["records"]["spans"] + found["records"]["logs"]
    assert len(shown) == sum(moment(each) <= at for each in own)
    assert all(time <= at for time in times(found))
    other = build.Story(*with_another_future(story.spans, story.logs, at, random))
    assert seen_at(other, at, perspective) == found


@for_all(worlds(), WHEN, RANDOMS, examples=60)
def test_what_comes_later_changes_nothing_of_any_applications_past(
    world: World, share: float, random: Random
) -> None:
    spans, logs = world.run.spans, world.run.logs
    found = moments(spans, logs)
    at = found[round(share * (len(found) - 1))] if found else 1
    before = evidence_of(spans, logs, trace_id=TRACE, at=at)
    later = with_another_future(spans, logs, at, random)
    after = evidence_of(*later, trace_id=TRACE, at=at)
    assert all(time <= at for time in times(before))
    # Which sides there are to look from, the whole trace says.
    frame = {"perspectives": [], "prompt": "", "of": "calls"}
    assert {**after, **frame} == {**before, **frame}


@for_all(worlds(), st.integers(0, 5), WHEN, examples=100)
def test_what_is_certain_of_a_call_at_a_moment_stays_true_of_all_that_happened(
    world: World, number: int, share: float
) -> None:
    spans, logs = world.run.spans, world.run.logs
    found = moments(spans, logs)
    at = found[round(share * (len(found) - 1))] if found else 1
    sides = perspectives_of(Trace(spans, logs))
    side = sides[number % len(sides)]
    then = evidence_of(spans, logs, trace_id=TRACE, perspective=side, at=at)
    for each in then["diagnosis"]["sentences"]:
        call = call_of(world, each["proofs"])
        if each["kind"] == "certain" and call and each["code"] in CALL_CLAIMS:
            claims = CALL_CLAIMS[each["code"]]
            assert claims(Seen(world, call, side), each["params"]), (each["code"], vars(call))


@for_all(histories(), SIDES, WHEN, examples=100)
def test_what_is_certain_at_a_moment_was_true_of_all_that_had_happened_by_then(
    history: History, perspective: Perspective, share: float
) -> None:
    story = with_calls_within(history.story)
    at = moment_of(story, share)
    found = seen_at(story, at, perspective)
    view = View(until(history, (at - build.START) / 1e6), perspective)
    for each in certain(found):
        if not each["code"].startswith(NO_CLAIM):
            assert CLAIMS[each["code"]](view, each["params"]), each["code"]
    for message in found["messages"]:
        if (message["kind"], message["outcome"]) == ("request", "delivered"):
            came = {"api->worker": view.history.arrivals, "worker->api": view.history.events}
            assert came.get(f"{message['from']}->{message['to']}", True), message["id"]
    assert contradictions(found["diagnosis"]) == []
    proofs = [each["proofs"] for each in found["diagnosis"]["sentences"]]
    assert all(
        proofs[n]
        for n, each in enumerate(found["diagnosis"]["sentences"])
        if each["kind"] == "certain"
    )


@for_all(histories(), SIDES, WHEN, WHEN, examples=100)
def test_no_certain_sentence_is_ever_taken_back(
    history: History, perspective: Perspective, one: float, other: float
) -> None:
    story = with_calls_within(history.story)
    first, second = sorted([moment_of(story, one), moment_of(story, other)])
    answers = answered(seen_at(story, first, perspective))
    later = answered(seen_at(story, second, perspective))
    for question, answer in answers.items():
        if answer not in LEAST and question in later:
            assert later[question] not in LEAST, (question, answer)


def answered(found: EvidenceJson) -> dict[str, str]:
    """What the certain sentences answer to the questions that others answer too."""
    return {
        question: answer
        for each in certain(found)
        for question, answer in SAYS.get(each["code"], {}).items()
    }


@pytest.mark.parametrize("perspective", ["all", "api"])
def test_a_callback_has_settled_nothing_before_the_api_has_stored_it(
    perspective: Perspective,
) -> None:
    story = build.Story()
    order = build.placed(story, until=900)
    client = build.deliver(story, order.place, start=6, end=806, error="read_timeout")
    server = build.work(story, client, start=8, end=1_100, reserve_at=14)
    below = build.call_back(story, server, start=900, end=912, status=200)
    build.confirm(story, below, start=904)
    said: list[tuple[str, str]] = []
    for at in moments(story.spans, story.logs):
        found = seen_at(story, at, perspective)["diagnosis"]
        status = found["headline"].partition(":")[0]
        codes = [each["code"] for each in found["sentences"] if "callback_" in each["code"]]
        said += [(status, code) for code in codes if (status, code) not in said]
    assert said == [
        ("PENDING", "no_answer.callback_settles_after"),
        ("CONFIRMED", "no_answer.callback_after"),
    ]


@for_all(histories(), SIDES, examples=40)
def test_at_the_end_all_is_as_it_is_without_a_moment(
    history: History, perspective: Perspective
) -> None:
    story = history.story
    story.spans = [span for span in story.spans if span.state != "abandoned"]
    at = moments(story.spans, story.logs)[-1]
    still_open = any(not span.end_time_unix_nano for span in story.spans)
    found, whole = seen_at(story, at, perspective), seen_at(story, None, perspective)
    assert views(found) == views(whole)
    assert still_open or found["diagnosis"] == whole["diagnosis"]


def test_a_fault_that_was_healed_later_was_in_force_and_nobody_knew_its_end() -> None:
    story = build.b_socket()
    windows = [
        FaultWindow("api->worker", "slow", build.at(0), build.at(10)),
        FaultWindow("worker->api", "cut", build.at(5), build.at(4_000)),
        FaultWindow("worker", "pause", build.at(3_000)),
    ]
    found = seen_at(story, build.at(14), windows=windows)["windows"]
    assert [(each["kind"], each["toUnixNano"]) for each in found] == [
        ("slow", str(build.at(10))),
        ("cut", None),
    ]
