"""The diagnosis when a defence has acted: held back, tried again, not begun, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.perspective import Perspective
    from evidence.wire import EvidenceJson
    from tests.evidence.story import Placed


def explain(story: build.Story, perspective: Perspective = "all") -> EvidenceJson:
    return evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)


def texts(found: EvidenceJson, *kinds: str) -> list[str]:
    sentences = found["diagnosis"]["sentences"]
    return [one["text"] for one in sentences if not kinds or one["kind"] in kinds]


def held_back(story: build.Story, order: Placed, *, at: float, attempt: int = 1) -> None:
    send = story.span(
        "api",
        "job.deliver",
        at,
        at,
        parent=order.place,
        error="not sent: circuit breaker open",
        lab__boundary="api->worker",
        lab__attempt=attempt,
        lab__elapsed_ms=0,
        lab__wait_ms=40,
        lab__circuit_breaker__state="open",
    )
    story.log(
        send, "failed to deliver job to worker", at, boundary="api->worker", circuitBreaker="open"
    )


def cancel(story: build.Story, order: Placed, *, at: float) -> None:
    span = story.span("api", "order.cancel", at - 1, at, parent=order.place)
    story.log(span, "order cancelled (not confirmed in time)", at)


def open_breaker() -> tuple[build.Story, Placed]:
    story = build.Story()
    order = build.placed(story, until=9)
    held_back(story, order, at=6)
    return story, order


def test_an_open_breaker_is_the_reason_and_nothing_was_sent() -> None:
    story, _ = open_breaker()
    found = explain(story)
    assert found["diagnosis"]["headline"] == "PENDING: not sent: the circuit breaker was open"
    found_texts = texts(found)
    assert any("the circuit breaker of the API was open" in each for each in found_texts)
    assert any(each.startswith("Nothing left the API") for each in texts(found, "certain"))
    assert not [one for one in found["messages"] if one["from"] == "api" and one["to"] == "worker"]


def test_of_an_open_breaker_the_log_alone_shows_as_much() -> None:
    story, _ = open_breaker()
    story.spans = [span for span in story.spans if span.name != "job.deliver"]
    assert (
        explain(story)["diagnosis"]["headline"] == "PENDING: not sent: the circuit breaker was open"
    )


def test_a_probe_that_goes_through_is_not_held_back() -> None:
    story = build.happy()
    send = next(span for span in story.spans if span.name == "job.deliver")
    story.change(send, attributes={**send.attributes, "lab.circuit_breaker.state": "half_open"})
    assert explain(story)["diagnosis"]["headline"] == "CONFIRMED: both sides agree"


def test_attempts_in_vain_are_counted_with_their_kinds_and_waits() -> None:
    story = build.Story()
    order = build.placed(story, until=200)
    build.deliver(story, order.place, start=6, end=8, error="connect_refused", attempt=1, most=4)
    build.deliver(story, order.place, start=50, end=52, error="connect_refused", attempt=2, most=4)
    held_back(story, order, at=99, attempt=3)
    assert (
        "The API tried 3 times, waited 40 ms in between, and every attempt failed"
        " (connect_refused, circuit breaker open)."
    ) in texts(explain(story), "fact")


def test_attempts_before_one_that_went_through_are_listed_once() -> None:
    found_texts = texts(explain(build.retried()))
    assert [each for each in found_texts if "(connect_refused)" in each] == [
        (
            "At API → worker the job was delivered at last, in 36 ms; 1 before it failed"
            " (connect_refused)."
        )
    ]


def test_a_job_that_came_too_late_was_not_begun() -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=8, end=5_010)
    story.log(server, "job not begun: its deadline has passed", 5_009, lateMs=4_201)
    found = explain(story)
    assert found["diagnosis"]["headline"] == (
        "PENDING: the worker did not begin a job that nobody awaited any more"
    )
    assert any("passed 4,201 ms before it could be begun" in each for each in texts(found))
    last = found["truths"]["moments"][-1]
    assert (last["callee"]["fact"], last["differ"]) == ("declined", False)
    assert "cannot be known" in explain(story, "api")["diagnosis"]["headline"]


def test_a_cancelled_order_whose_stock_is_reserved_is_reserved_for_nobody() -> None:
    story = build.Story()
    order = build.placed(story, until=815)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    cancel(story, order, at=810)
    server = build.work(story, client, start=8, end=5_042, reserve_at=5_014)
    event = build.call_back(story, server, start=5_016, end=5_030, status=200)
    server = story.span(
        "api", "POST /internal/order-events", 5_020, 5_024, parent=event, kind="SERVER"
    )
    story.log(server, "event received", 5_021, eventType="OrderStockReserved")
    story.log(server, "event for a cancelled order: nothing changed", 5_023)
    found = explain(story)
    assert found["diagnosis"]["headline"] == "CANCELLED: the stock is reserved for nobody"
    assert any("came 4,213 ms after that and changed nothing" in each for each in texts(found))
    assert found["truths"]["moments"][-1]["differ"]
    release = story.span("worker", "DELETE /reservations/<id>", 6_000, 6_005, kind="SERVER")
    story.log(release, "stock released", 6_004, count=1)
    after = explain(story)
    assert after["diagnosis"]["headline"] == "CANCELLED: not confirmed in time"
    assert any("has released it again" in each for each in texts(after, "certain"))
    assert not after["truths"]["moments"][-1]["differ"]
    assert "The worker has released" in texts(explain(story, "worker"))[0]


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        ("connect_refused", "certain", "so the worker has reserved nothing"),
        ("read_timeout", "unknown", "Whether the worker has reserved the stock cannot be known"),
    ],
)
def test_what_is_certain_of_a_cancelled_order_depends_on_what_left(
    error: str, kind: str, text: str
) -> None:
    story = build.Story()
    order = build.placed(story, until=815)
    build.deliver(story, order.place, start=6, end=807, error=error)
    cancel(story, order, at=810)
    found = explain(story, "api")
    assert found["diagnosis"]["headline"] == "CANCELLED: not confirmed in time"
    assert any(text in each for each in texts(found, kind))
