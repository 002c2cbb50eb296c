from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evidence.model.trace import Trace
from evidence.orders.crossings import crossings, of_boundary
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.crossing import Crossing


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


def test_a_failed_call_has_its_error_kind_and_has_no_arrival() -> None:
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


def test_calls_again_within_one_sending_span_are_separate_crossings() -> None:
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
    assert job.sent_at is None
    assert not job.failed


def test_an_outcome_of_which_only_the_log_came_is_a_crossing_too() -> None:
    story = build.a_socket()
    story.spans = [span for span in story.spans if span.name not in ("job.deliver", "POST")]
    (job,) = found(story)["api->worker"]
    assert job.error_kind == "connect_refused"
    assert job.sent_at == build.at(6)


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


def test_the_recorded_elapsed_time_counts_before_the_spans_own_duration() -> None:
    story = build.happy()
    send = next(span for span in story.spans if span.name == "job.deliver")
    story.change(send, attributes={**send.attributes, "lab.elapsed_ms": 0})
    (job,) = found(story)["api->worker"]
    assert job.elapsed_ms == 0
    without = {key: value for key, value in send.attributes.items() if key != "lab.elapsed_ms"}
    story.change(
        next(span for span in story.spans if span.name == "job.deliver"), attributes=without
    )
    story.logs.clear()
    (job,) = found(story)["api->worker"]
    assert job.elapsed_ms == 32


def test_without_spans_and_elapsed_time_a_call_was_sent_when_its_outcome_was_logged() -> None:
    story = build.a_socket()
    story.spans = [span for span in story.spans if span.name not in ("job.deliver", "POST")]
    line = next(log for log in story.logs if log.body == "failed to deliver job to worker")
    attributes = {key: value for key, value in line.attributes.items() if key != "elapsedMs"}
    story.logs[story.logs.index(line)] = replace(line, attributes=attributes)
    (job,) = found(story)["api->worker"]
    assert job.elapsed_ms is None
    assert job.sent_at == job.over_at == build.at(9)


def test_a_call_is_over_when_its_client_span_ends_else_its_send() -> None:
    story = build.happy()
    client = next(span for span in story.spans if span.kind == "CLIENT" and span.name == "POST")
    story.change(client, end_time_unix_nano=build.at(30))
    (job,) = found(story)["api->worker"]
    assert job.over_at == build.at(30)
    story.change(
        next(span for span in story.spans if span.span_id == client.span_id), end_time_unix_nano=0
    )
    (job,) = found(story)["api->worker"]
    assert job.over_at == build.at(38)


@pytest.mark.parametrize(
    ("status", "error_type", "kind"),
    [
        (500, "x", "http_5xx"),
        (499, "x", "http_4xx"),
        (400, "", "http_4xx"),
        (399, "x", "x"),
        (0, "", "error"),
    ],
)
def test_a_failed_call_of_any_application_is_classed_by_its_status_then_by_its_error_type(
    status: int, error_type: str, kind: str
) -> None:
    story = build.Story()
    story.span(
        "shop",
        "POST",
        0,
        1,
        kind="CLIENT",
        error="failed",
        ids={},
        http__response__status_code=status,
        error__type=error_type,
        server__address="bank",
    )
    (call,) = found(story)["shop->bank"]
    assert call.error_kind == kind


def test_a_client_span_with_an_error_type_failed_also_without_an_error_status() -> None:
    story = build.Story()
    story.span("shop", "GET", 0, 1, kind="CLIENT", ids={}, error__type="Broken")
    story.span("shop", "GET", 2, 3, kind="CLIENT", ids={})
    first, second = found(story)["shop->?"]
    assert (first.error_kind, first.failed) == ("Broken", True)
    assert (second.error_kind, second.failed, second.succeeded) == ("", False, True)


def test_what_only_arrived_is_put_in_order_by_its_arrival() -> None:
    story = build.Story()
    for start in (30, 10, 20):
        build.work(story, None, start=start, end=start + 5)
    starts = [crossing.began_at for crossing in crossings(Trace(story.spans, story.logs))]
    assert starts == [build.at(10), build.at(20), build.at(30)]


def test_an_outcome_is_proved_by_its_log_line_and_span_else_by_the_spans() -> None:
    story = build.a_socket()
    (job,) = found(story)["api->worker"]
    assert job.outcome_records == (job.log, job.send)
    assert job.sender_records == (job.send, job.client, job.log)
    story.logs.clear()
    (job,) = found(story)["api->worker"]
    assert job.outcome_records == (job.send, job.client)


def send_alone(*, error: str = "", breaker: str = "", client_status: int = 0) -> Crossing:
    """A span around a call, with a CLIENT span inside where there is a status."""
    story = build.Story()
    send = story.span("api", "job.deliver", 0, 7, error=error, lab__circuit_breaker__state=breaker)
    if client_status:
        story.span(
            "api",
            "POST",
            1,
            6,
            parent=send,
            kind="CLIENT",
            error=error,
            http__response__status_code=client_status,
        )
    (job,) = found(story)["api->worker"]
    return job


@pytest.mark.parametrize(
    ("error", "breaker", "client_status", "held_back", "error_kind"),
    [
        ("not sent", "open", 0, True, ""),
        ("not sent", "half_open", 0, True, ""),
        ("not sent", "closed", 0, False, "error"),
        ("", "open", 0, False, ""),
        ("", "", 0, False, ""),
        ("failed", "half_open", 503, False, "http_5xx"),
        ("failed", "closed", 404, False, "http_4xx"),
    ],
)
def test_a_call_is_held_back_where_it_failed_by_an_open_breaker_and_nothing_was_sent(
    error: str, breaker: str, client_status: int, *, held_back: bool, error_kind: str
) -> None:
    job = send_alone(error=error, breaker=breaker, client_status=client_status)
    assert (job.held_back, job.error_kind) == (held_back, error_kind)
    assert job.failed is bool(error)
    assert job.succeeded is not bool(error)
    assert job.never_sent is held_back


def test_a_request_that_arrived_was_not_held_back() -> None:
    held = send_alone(error="not sent", breaker="open")
    assert not replace(held, arrivals=(build.happy().spans[0],)).held_back


def test_without_a_client_span_the_elapsed_time_is_that_of_the_span_around_the_call() -> None:
    assert send_alone().elapsed_ms == 7
    assert send_alone(error="x", client_status=500).elapsed_ms == 5


def test_the_log_line_of_an_outcome_belongs_to_the_last_call_of_a_send() -> None:
    (job,) = found(build.happy())["api->worker"]
    assert job.log is not None
    assert job.log.body == "job delivered to worker"
    story = build.Story()
    send = story.span("api", "job.deliver", 0, 40)
    for start in (1, 20):
        story.span("api", "POST", start, start + 9, parent=send, kind="CLIENT")
    story.log(send, "sku is known", 2)
    story.log(send, "retrying", 15, errorKind="reset")
    line = story.log(send, "job delivered to worker", 39)
    story.log(send, "done", 40)
    first, last = found(story)["api->worker"]
    assert (first.log, last.log) == (None, line)


def test_a_call_whose_own_span_came_late_is_one_call_by_its_client_span_and_its_log() -> None:
    story = build.request_lost()
    story.spans = [span for span in story.spans if span.name != "job.deliver"]
    found = [
        crossing
        for crossing in crossings(Trace(story.spans, story.logs))
        if crossing.boundary == "api->worker"
    ]
    assert [(each.error_kind, each.attempt) for each in found] == [("read_timeout", 1)]
    assert found[0].client is not None
    assert found[0].log is not None
