"""The diagnosis of every other fault: headline, and the sentence that matters most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.perspective import Perspective
    from evidence.wire import DiagnosisJson


def diagnosis(
    story: build.Story, perspective: Perspective = "all", *, truncated: bool = False
) -> DiagnosisJson:
    return evidence_of(
        story.spans,
        story.logs,
        trace_id=build.TRACE_ID,
        perspective=perspective,
        truncated=truncated,
    )["diagnosis"]


def texts(found: DiagnosisJson, *kinds: str) -> list[str]:
    return [one["text"] for one in found["sentences"] if not kinds or one["kind"] in kinds]


@pytest.mark.parametrize(
    ("name", "perspective", "headline", "sentence"),
    [
        (
            "happy",
            "all",
            "CONFIRMED: both sides agree",
            "The worker reserved the stock, and the API knows it: the order is CONFIRMED.",
        ),
        (
            "happy",
            "api",
            "CONFIRMED: the worker's event has decided the order",
            "The event says that the worker reserved the stock: the order is CONFIRMED.",
        ),
        (
            "sold_out",
            "all",
            "REJECTED: both sides agree",
            "The worker was sold out, and the API knows it: the order is REJECTED.",
        ),
        (
            "response_lost",
            "all",
            "CONFIRMED: the job was done, only the answer was lost",
            (
                "The job had arrived and the worker's answer was ready 770 ms before the API gave"
                " up, but it did not come through. The order became CONFIRMED by the callback."
            ),
        ),
        (
            "response_lost",
            "api",
            "CONFIRMED: the event had come, only no answer did",
            (
                "Why the answer did not come in time cannot be known from the API's side alone: a"
                " slow worker, a slow link and a lost answer look the same."
            ),
        ),
        (
            "request_lost",
            "all",
            "PENDING: whether the job reached the worker cannot be known",
            (
                "Whether the job arrived cannot be known: it may have been lost on its way, or the"
                " worker may have stopped or crashed before it wrote a record of it."
            ),
        ),
        (
            "request_lost",
            "api",
            "PENDING: whether the job reached the worker cannot be known",
            (
                "Whether the worker received the job, and whether it reserved the stock, cannot be"
                " known from the API's side alone: a lost request, a lost answer, a slow worker and"
                " a crashed worker look the same."
            ),
        ),
        (
            "reset",
            "api",
            "PENDING: whether the job reached the worker cannot be known",
            (
                "All that is certain is that no complete response came: this does not mean that"
                " the job failed."
            ),
        ),
        (
            "connect_timeout",
            "api",
            "PENDING: the job never reached the worker",
            (
                "Without a connection no request can arrive, so the worker never received this job"
                " and reserved nothing for it. The order stays PENDING until a job is delivered."
            ),
        ),
        (
            "dns",
            "api",
            "PENDING: the job never reached the worker",
            "At API → worker the name of the other side could not be found (dns).",
        ),
        (
            "tls",
            "api",
            "PENDING: the job never reached the worker",
            "At API → worker no secure connection came about (tls).",
        ),
        (
            "worker_5xx",
            "all",
            "PENDING: the job was answered with a failure",
            "The job had arrived: the worker has a record of it, and none of a reservation.",
        ),
        (
            "proxy_5xx",
            "all",
            "PENDING: the job was answered with a failure",
            (
                "Who answered cannot be known: the worker has no record of the job, so something"
                " before it may have answered."
            ),
        ),
        (
            "http_4xx",
            "api",
            "PENDING: the job was answered with a failure",
            "At API → worker the answer was HTTP 404: the request was not accepted (http_4xx).",
        ),
        (
            "bad_response",
            "api",
            "PENDING: the job was answered with a failure",
            (
                "Whether the worker itself answered, and what it had done before, cannot be known"
                " from the API's side alone."
            ),
        ),
        (
            "callback_timeout",
            "worker",
            "The worker has done its part, and holds its callback for failed",
            (
                "Whether the event reached the API cannot be known from the worker's side alone: a"
                " lost event, a lost answer, a slow API and a crashed API look the same."
            ),
        ),
        (
            "crash",
            "all",
            "PENDING: the process of the worker ended in the middle of its work",
            "Whether the stock was reserved before that cannot be known from these records.",
        ),
        (
            "duplicate",
            "all",
            "CONFIRMED: reserved more than once for one order",
            "The worker reserved stock 2 times for this one order.",
        ),
        (
            "duplicate",
            "api",
            "CONFIRMED: the worker's event has decided the order",
            (
                "The event came 2 times; whether the job was done as often cannot be known from the"
                " API's side alone."
            ),
        ),
        (
            "running",
            "all",
            "PENDING: still under way",
            "POST /jobs/reserve-stock of the worker has begun and has not ended yet.",
        ),
        (
            "retried",
            "all",
            "CONFIRMED: both sides agree",
            (
                "At API → worker the job was delivered at last, in 36 ms; 1 before it failed"
                " (connect_refused)."
            ),
        ),
        (
            "client_cut",
            "all",
            "The client's call failed, and the API has no record of it",
            "Nothing was sent, so the API never received this order.",
        ),
        (
            "shop",
            "all",
            "frontend called payment, and the answer was 500",
            "In payment, “POST /pay” failed: declined",
        ),
        ("empty", "all", "Nothing is on record", "There is no record of this request."),
    ],
)
def test_headline_and_sentence(
    name: str, perspective: Perspective, headline: str, sentence: str
) -> None:
    found = diagnosis(build.STORIES[name](), perspective)
    assert found["headline"] == headline
    assert sentence in texts(found)


def test_a_crash_after_the_reservation_is_certain_to_have_reserved() -> None:
    story = build.Story()
    order = build.placed(story, until=44)
    client = build.deliver(story, order.place, start=6, end=40, error="reset")
    build.work(story, client, start=8, end=None, reserve_at=14, state="abandoned")
    assert "The stock had been reserved before that." in texts(diagnosis(story), "certain")


def test_an_attempt_without_an_answer_leaves_the_fate_open_though_a_later_one_was_refused() -> None:
    story = build.Story()
    order = build.placed(story, until=900)
    build.deliver(story, order.place, start=6, end=807, error="read_timeout", attempt=1, most=2)
    build.deliver(
        story, order.place, start=850, end=852, error="connect_refused", attempt=2, most=2
    )
    found = diagnosis(story, "api")
    assert found["headline"] == "PENDING: whether the job reached the worker cannot be known"
    assert texts(found, "fact")[0].endswith("(read_timeout). This was attempt 1 of 2.")


def test_a_slow_worker_whose_callback_is_cut_has_done_its_part_unknown_to_the_api() -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=8, end=5042, reserve_at=5014)
    build.call_back(story, server, start=5016, end=5020, error="connect_refused")
    found = diagnosis(story)
    headline = "PENDING: the worker has done its part, and the API does not know it"
    assert found["headline"] == headline
    assert "At worker → API the connection was refused after 4 ms (connect_refused)." in texts(
        found
    )


def test_a_callback_that_arrived_though_its_answer_was_lost_differs_from_a_lost_one() -> None:
    story = build.Story()
    order = build.placed(story, until=41)
    client = build.deliver(story, order.place, start=6, end=38, status=200)
    server = build.work(story, client, start=8, end=37, reserve_at=14)
    build.confirm(story, build.call_back(story, server, start=16, end=30, error="reset"), start=20)
    found = diagnosis(story)
    assert found["headline"] == "CONFIRMED: the worker was not answered, yet the API knows"


def test_a_part_of_a_trace_is_called_a_part() -> None:
    found = texts(diagnosis(build.happy(), truncated=True), "unknown")
    assert found == ["Only a part of this trace was read: what is missing here may be in the rest."]


def test_clocks_that_disagree_are_reported() -> None:
    story = build.Story(skew_ms={"worker": -500})
    order = build.placed(story, until=41)
    client = build.deliver(story, order.place, start=6, end=38, status=200)
    build.work(story, client, start=8, end=37, reserve_at=14)
    assert any(
        text.startswith("The clocks of the API and the worker disagree by 498 ms or more")
        for text in texts(diagnosis(story), "unknown")
    )


def test_a_job_delivered_twice_and_done_once_is_called_harmless() -> None:
    story = build.happy()
    client = next(span for span in story.spans if span.name == "POST" and span.kind == "CLIENT")
    build.work(story, client, start=9, end=12)
    found = texts(diagnosis(story), "certain")
    assert "The job arrived 2 times at the worker and was done once." in found


def test_asking_the_worker_later_does_not_make_the_job_an_arrived_one() -> None:
    story = build.request_lost()
    place = next(span for span in story.spans if span.name == "order.place")
    ask = story.span("api", "GET", 9_000, 9_010, parent=place, kind="CLIENT")
    story.span("worker", "GET /reservations/<id>", 9_002, 9_008, parent=ask, kind="SERVER")
    found = diagnosis(story)
    assert found["headline"] == "PENDING: whether the job reached the worker cannot be known"


def test_an_order_decided_without_an_event_is_called_so() -> None:
    story = build.request_lost()
    place = next(span for span in story.spans if span.name == "order.place")
    story.log(place, "order confirmed", 9_010)
    found = diagnosis(story, "api")
    assert found["headline"] == "CONFIRMED: decided without an event on record"
    assert "At the API the order is CONFIRMED." in texts(found, "certain")


def test_sides_that_decided_differently_contradict_each_other() -> None:
    story = build.sold_out()
    place = next(span for span in story.spans if span.name == "order.place")
    story.log(place, "order confirmed", 60)
    found = diagnosis(story)
    assert found["headline"] == "CONFIRMED: the two sides contradict each other"


@pytest.mark.parametrize(("flags", "expected"), [(0, True), (1, False)])
def test_a_trace_that_its_caller_did_not_sample_is_called_so(flags: int, expected: bool) -> None:
    logs = [replace(log, flags=flags) for log in build.happy().logs]
    found = evidence_of([], logs, trace_id=build.TRACE_ID, perspective="all")["diagnosis"]
    facts = texts(found, "fact")
    assert any("not sampled" in text for text in facts) is expected
