from __future__ import annotations

from dataclasses import replace

from evidence.crossings import Crossing, crossings, of_boundary
from evidence.trace import Trace
from tests.evidence import build


def found(story: build.Story) -> dict[str, list[Crossing]]:
    by_boundary: dict[str, list[Crossing]] = {}
    for crossing in crossings(Trace(story.spans, story.logs)):
        by_boundary.setdefault(crossing.boundary, []).append(crossing)
    return by_boundary


def test_an_order_crosses_three_boundaries_and_each_crossing_has_both_sides() -> None:
    calls = found(build.happy())
    assert list(calls) == ["client->api", "api->worker", "worker->api"]
    (job,), (event,) = calls["api->worker"], calls["worker->api"]
    assert job.send is not None
    assert job.client is not None
    assert [span.name for span in job.arrivals] == ["POST /jobs/reserve-stock"]
    assert [span.name for span in event.arrivals] == ["POST /internal/order-events"]
    assert job.succeeded
    assert (job.attempt, job.max_attempts, job.timeout_ms, job.elapsed_ms) == (1, 1, 800, 32)
    assert job.http_status == 200


def test_a_failed_call_tells_its_error_kind_and_has_no_arrival() -> None:
    (job,) = found(build.a_socket())["api->worker"]
    assert job.error_kind == "connect_refused"
    assert job.failed
    assert not job.arrivals


def test_every_attempt_is_a_crossing_of_its_own() -> None:
    first, second = found(build.retried())["api->worker"]
    assert (first.attempt, first.error_kind) == (1, "connect_refused")
    assert (second.attempt, second.error_kind) == (2, "")
    assert second.arrivals


def test_a_duplicated_request_arrives_twice_at_one_crossing() -> None:
    (job,) = found(build.duplicate())["api->worker"]
    assert len(job.arrivals) == 2


def test_calls_again_within_one_sending_span_are_told_apart() -> None:
    story = build.Story()
    order = build.placed(story, until=50)
    send = story.span("api", "job.deliver", 6, 48, parent=order.place)
    story.span("api", "POST", 6, 10, parent=send, kind="CLIENT", error="x", error__type="Broken")
    last = story.span("api", "POST", 20, 48, parent=send, kind="CLIENT")
    build.work(story, last, start=22, end=47)
    first, second = found(story)["api->worker"]
    assert not first.arrivals
    assert len(second.arrivals) == 1


def test_without_its_client_span_a_call_still_finds_its_arrival() -> None:
    story = build.happy()
    client = next(span for span in story.spans if span.kind == "CLIENT" and span.name == "POST")
    story.spans.remove(client)
    server = next(span for span in story.spans if span.name == "POST /jobs/reserve-stock")
    story.change(server, parent_span_id=client.parent_span_id)
    (job,) = found(story)["api->worker"]
    assert job.client is None
    assert [span.span_id for span in job.arrivals] == [server.span_id]


def test_an_arrival_whose_sender_is_not_on_record_stands_alone() -> None:
    story = build.Story()
    server = build.work(story, None, start=8, end=20)
    (job,) = found(story)["api->worker"]
    assert job.arrivals == (server,)
    assert job.sent is None
    assert not job.failed


def test_an_outcome_of_which_only_the_log_came_is_a_crossing_too() -> None:
    story = build.a_socket()
    story.spans = [span for span in story.spans if span.name not in ("job.deliver", "POST")]
    (job,) = found(story)["api->worker"]
    assert job.error_kind == "connect_refused"
    assert job.sent == build.at(6)


def test_parents_in_a_circle_end_the_walk() -> None:
    story = build.happy()
    place = next(span for span in story.spans if span.name == "order.place")
    send = next(span for span in story.spans if span.name == "job.deliver")
    story.change(place, parent_span_id=send.span_id)
    assert found(story)["api->worker"]


def test_a_span_reported_open_and_then_ended_counts_once_as_ended() -> None:
    story = build.happy()
    send = next(span for span in story.spans if span.name == "job.deliver")
    story.spans.insert(0, replace(send, end_time_unix_nano=0, state="open"))
    (job,) = found(story)["api->worker"]
    assert job.succeeded


def test_calls_of_any_application_are_crossings_between_its_services() -> None:
    calls = found(build.shop())
    (pay,) = calls["frontend->payment"]
    assert pay.error_kind == "http_5xx"
    assert [span.name for span in pay.arrivals] == ["POST /pay"]


def test_asking_what_became_of_an_order_is_no_delivery() -> None:
    story = build.request_lost()
    place = next(span for span in story.spans if span.name == "order.place")
    ask = story.span("api", "GET", 9_000, 9_010, parent=place, kind="CLIENT")
    story.span("worker", "GET /reservations/<id>", 9_002, 9_008, parent=ask, kind="SERVER")
    every = crossings(Trace(story.spans, story.logs))
    assert len([crossing for crossing in every if crossing.boundary == "api->worker"]) == 2
    (job,) = of_boundary(every, "api->worker")
    assert job.error_kind == "read_timeout"
