from __future__ import annotations

import pytest

from evidence.crossings import crossings
from evidence.messages import FaultWindow, Message, messages
from evidence.trace import Trace
from tests.evidence import build


def told(story: build.Story, *windows: FaultWindow) -> dict[tuple[str, str], Message]:
    """The messages between api and worker, by kind and sender."""
    found = messages(crossings(Trace(story.spans, story.logs)), windows=windows)
    return {
        (one.kind, one.sender): one
        for one in found
        if {one.sender, one.receiver} != {"client", "api"}
    }


def test_a_confirmed_order_delivers_every_message() -> None:
    found = told(build.happy())
    assert {one.outcome for one in found.values()} == {"delivered"}
    job = found["request", "api"]
    assert (job.sent, job.received) == (build.at(6), build.at(8))
    answer = found["response", "worker"]
    assert (answer.sent, answer.received, answer.label) == (build.at(37), build.at(38), "HTTP 200")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("a_socket", "refused"),
        ("a_switch", "lost"),
        ("connect_timeout", "lost"),
        ("dns", "lost"),
        ("tls", "lost"),
        ("request_lost", "unknown"),
        ("reset", "unknown"),
        ("proxy_5xx", "unknown"),
        ("worker_5xx", "delivered"),
        ("response_lost", "delivered"),
        ("crash", "delivered"),
    ],
)
def test_a_request_has_the_fate_that_the_records_prove(name: str, outcome: str) -> None:
    job = told(build.STORIES[name]())["request", "api"]
    assert job.outcome == outcome
    assert job.gave_up is not None


def test_an_answer_ready_before_the_api_gave_up_was_lost() -> None:
    answer = told(build.response_lost())["response", "worker"]
    assert (answer.outcome, answer.received) == ("lost", None)


def test_an_answer_and_a_callback_after_the_api_gave_up_are_late() -> None:
    found = told(build.c_slow())
    assert found["response", "worker"].outcome == "late"
    event = found["request", "worker"]
    assert (event.outcome, event.received) == ("late", build.at(5020))


def test_a_callback_after_a_failed_attempt_and_a_good_one_is_not_late() -> None:
    assert told(build.retried())["request", "worker"].outcome == "delivered"


def test_a_process_that_died_sent_no_answer() -> None:
    assert ("response", "worker") not in told(build.crash())


def test_times_of_clocks_that_disagree_prove_no_loss() -> None:
    story = build.Story(skew_ms={"worker": -500})
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    build.work(story, client, start=8, end=1000, reserve_at=14)
    assert told(story)["response", "worker"].outcome == "unknown"


def test_a_fault_known_to_have_covered_the_whole_call_explains_the_loss() -> None:
    window = FaultWindow("api-to-worker", "request_lost", build.at(0))
    assert told(build.request_lost(), window)["request", "api"].outcome == "lost"


@pytest.mark.parametrize(
    "window",
    [
        FaultWindow("worker-to-api", "request_lost", build.at(0)),
        FaultWindow("api-to-worker", "slow", build.at(0)),
        FaultWindow("api-to-worker", "request_lost", build.at(100)),
        FaultWindow("api-to-worker", "request_lost", build.at(0), build.at(400)),
    ],
)
def test_any_other_fault_explains_nothing(window: FaultWindow) -> None:
    assert told(build.request_lost(), window)["request", "api"].outcome == "unknown"


def test_ids_are_unique_also_of_duplicates() -> None:
    story = build.duplicate()
    found = messages(crossings(Trace(story.spans, story.logs)))
    assert len({one.id for one in found}) == len(found)
