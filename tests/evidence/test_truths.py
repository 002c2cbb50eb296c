from __future__ import annotations

import pytest

from base.message import Message
from evidence.model.change import Change
from evidence.model.perspective import Perspective, seen_from
from evidence.model.trace import Trace, moment
from evidence.orders.beliefs import beliefs
from evidence.orders.truths import contradict, truths
from evidence.rendering import text_of
from tests.evidence import build


def moments(
    story: build.Story, perspective: Perspective = "all"
) -> list[tuple[float, str, str, bool]]:
    seen = seen_from(Trace(story.spans, story.logs), perspective=perspective)
    return [
        ((one.unix_nano - build.START) / 1e6, one.caller.value, one.callee.value, one.differ)
        for one in truths(seen)
    ]


def test_a_confirmed_order_differs_only_until_the_event_is_taken_in() -> None:
    assert moments(build.happy()) == [
        (0, "unknown", "nothing", False),
        (5, "PENDING", "nothing", False),
        (9, "PENDING", "accepted", False),
        (14, "PENDING", "reserved", True),
        (23, "CONFIRMED", "reserved", False),
    ]


def test_a_cut_callback_leaves_the_two_apart() -> None:
    assert moments(build.b_socket())[-1] == (14, "PENDING", "reserved", True)


def test_a_cut_job_leaves_them_in_agreement() -> None:
    assert moments(build.a_socket())[-1] == (5, "PENDING", "nothing", False)


def test_a_sold_out_order_ends_rejected_on_both_sides() -> None:
    assert moments(build.sold_out())[-1][1:] == ("REJECTED", "rejected", False)


def test_the_api_alone_learns_of_the_worker_by_the_event() -> None:
    assert moments(build.c_slow(), "api") == [
        (2, "unknown", "unknown", False),
        (5, "PENDING", "unknown", False),
        (5021, "PENDING", "reserved", True),
        (5023, "CONFIRMED", "reserved", False),
    ]


def test_the_worker_alone_knows_nothing_of_what_the_api_believes() -> None:
    assert {belief for _, belief, _, _ in moments(build.c_slow(), "worker")} == {"unknown"}


def test_an_order_that_the_api_says_it_does_not_know_differs_from_its_reservation() -> None:
    story = build.happy()
    story.logs = [log for log in story.logs if "order" not in str(log.body)]
    server = next(span for span in story.spans if span.name == "POST /internal/order-events")
    story.spans = [
        span for span in story.spans if span.name not in ("order.place", "order.confirm")
    ]
    story.log(server, "unknown order id", 23)
    assert moments(story)[-1] == (23, "unknown", "reserved", True)


def test_a_second_delivery_that_finds_nothing_left_does_not_undo_the_first() -> None:
    story = build.happy()
    server = next(span for span in story.spans if span.name == "POST /jobs/reserve-stock")
    story.log(server, "stock rejected (sold out)", 30)
    assert moments(story)[-1][1:] == ("CONFIRMED", "reserved", False)


def test_spans_tell_what_happened_where_log_lines_are_missing() -> None:
    story = build.happy()
    story.logs.clear()
    assert moments(story)[-1][1:] == ("CONFIRMED", "reserved", False)


def test_a_trace_that_is_no_orders_has_no_moments() -> None:
    assert moments(build.shop()) == []


@pytest.mark.parametrize(
    ("perspective", "api", "worker"),
    [
        ("all", "does not know the order", "has nothing on record"),
        ("api", "does not know the order", "cannot be known from this side"),
        ("worker", "cannot be known from this side", "has nothing on record"),
    ],
)
def test_before_any_record_a_side_that_is_seen_has_nothing_and_a_hidden_one_is_unknown(
    perspective: Perspective, api: str, worker: str
) -> None:
    story = build.happy()
    seen = seen_from(Trace(story.spans, story.logs), perspective=perspective)
    first = truths(seen)[0]
    assert (text_of(first.caller.message), text_of(first.callee.message)) == (api, worker)
    assert first.unix_nano == min(map(moment, seen.trace.records))


@pytest.mark.parametrize("event_type", ["OrderStockReserved", "OrderStockRejected"])
def test_an_event_stands_for_the_worker_only_where_its_own_records_are_missing(
    event_type: str,
) -> None:
    story = build.Story()
    server = story.span("api", "POST /internal/order-events", 0, 9, kind="SERVER")
    story.log(server, "event received", 5, eventType=event_type)
    fact = "reserved" if event_type == "OrderStockReserved" else "rejected"
    assert [one[2] for one in moments(story)] == ["nothing", fact]
    worker = story.span("worker", "POST /jobs/reserve-stock", 0, 9, kind="SERVER")
    story.log(worker, "stock released", 3)
    assert [one[2] for one in moments(story)] == ["nothing", "released"]


def test_an_event_of_another_type_proves_nothing_of_the_worker() -> None:
    story = build.Story()
    server = story.span("api", "POST /internal/order-events", 0, 9, kind="SERVER")
    story.log(server, "event received", 5, eventType="OrderShipped")
    assert moments(story) == []


def test_what_the_api_logs_of_the_workers_work_is_not_the_workers_own() -> None:
    story = build.Story()
    order = build.placed(story, until=9)
    story.log(order.place, "stock reserved", 6)
    assert moments(story)[-1][2] == "nothing"


@pytest.mark.parametrize("changes", [{"status_code": "ERROR"}, {"end_time_unix_nano": 0}])
def test_a_reservation_that_failed_or_has_not_ended_is_none(changes: dict[str, object]) -> None:
    story = build.happy()
    story.logs.clear()
    (reserve,) = (span for span in story.spans if span.name == "stock.reserve")
    story.change(reserve, **changes)
    assert moments(story, "worker") == []


def test_the_same_belief_again_adds_no_moment() -> None:
    story = build.happy()
    confirm = next(span for span in story.spans if span.name == "order.confirm")
    before = moments(story)
    story.log(confirm, "order confirmed", 30)
    assert moments(story) == before


@pytest.mark.parametrize(
    ("belief", "fact", "differ"),
    [
        ("CONFIRMED", "reserved", False),
        ("CONFIRMED", "rejected", True),
        ("CONFIRMED", "released", True),
        ("REJECTED", "rejected", False),
        ("REJECTED", "reserved", True),
        ("CANCELLED", "released", False),
        ("CANCELLED", "rejected", False),
        ("CANCELLED", "reserved", True),
        ("PENDING", "reserved", True),
        ("PENDING", "accepted", False),
        ("CONFIRMED", "accepted", False),
        ("unknown", "reserved", False),
    ],
)
def test_only_what_the_worker_is_known_to_have_found_out_can_contradict_the_api(
    belief: str, fact: str, differ: bool
) -> None:
    message = Message("side.hidden")
    assert contradict(Change(0, belief, message), Change(0, fact, message)) is differ


@pytest.mark.parametrize(
    ("service", "changes", "with_log", "belief"),
    [
        ("api", {}, False, "CONFIRMED"),
        ("worker", {}, False, "unknown"),
        ("api", {"status_code": "ERROR"}, False, "unknown"),
        ("api", {"end_time_unix_nano": 0}, False, "unknown"),
        ("api", {}, True, "unknown"),
    ],
)
def test_a_span_that_ended_well_stands_for_a_decision_whose_log_line_is_missing(
    service: str, changes: dict[str, object], belief: str, *, with_log: bool
) -> None:
    story = build.Story()
    span = story.change(story.span(service, "order.confirm", 0, 3), **changes)
    if with_log:
        story.log(span, "event for an order that is decided", 2)
    seen = seen_from(Trace(story.spans, story.logs), perspective="all")
    assert beliefs(seen)[-1].value == belief
