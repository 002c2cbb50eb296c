from __future__ import annotations

from evidence.perspective import Perspective, seen_from
from evidence.trace import Trace
from evidence.truths import truths
from tests.evidence import build


def told(
    story: build.Story, perspective: Perspective = "all"
) -> list[tuple[float, str, str, bool]]:
    seen = seen_from(Trace(story.spans, story.logs), perspective=perspective)
    return [
        ((one.unix_nano - build.START) / 1e6, one.api.value, one.worker.value, one.differ)
        for one in truths(seen)
    ]


def test_a_confirmed_order_differs_only_until_the_event_is_taken_in() -> None:
    assert told(build.happy()) == [
        (0, "unknown", "nothing", False),
        (5, "PENDING", "nothing", False),
        (9, "PENDING", "accepted", False),
        (14, "PENDING", "reserved", True),
        (23, "CONFIRMED", "reserved", False),
    ]


def test_a_cut_callback_leaves_the_two_apart() -> None:
    assert told(build.b_socket())[-1] == (14, "PENDING", "reserved", True)


def test_a_cut_job_leaves_them_in_agreement() -> None:
    assert told(build.a_socket())[-1] == (5, "PENDING", "nothing", False)


def test_a_sold_out_order_ends_rejected_on_both_sides() -> None:
    assert told(build.sold_out())[-1][1:] == ("REJECTED", "rejected", False)


def test_the_api_alone_learns_of_the_worker_by_the_event() -> None:
    assert told(build.c_slow(), "api") == [
        (2, "unknown", "unknown", False),
        (5, "PENDING", "unknown", False),
        (5021, "PENDING", "reserved", True),
        (5023, "CONFIRMED", "reserved", False),
    ]


def test_the_worker_alone_knows_nothing_of_what_the_api_believes() -> None:
    assert {belief for _, belief, _, _ in told(build.c_slow(), "worker")} == {"unknown"}


def test_an_order_that_the_api_says_it_does_not_know_differs_from_its_reservation() -> None:
    story = build.happy()
    story.logs = [log for log in story.logs if "order" not in str(log.body)]
    server = next(span for span in story.spans if span.name == "POST /internal/order-events")
    story.spans = [
        span for span in story.spans if span.name not in ("order.place", "order.confirm")
    ]
    story.log(server, "unknown order id", 23)
    assert told(story)[-1] == (23, "unknown", "reserved", True)


def test_a_second_delivery_that_finds_nothing_left_does_not_undo_the_first() -> None:
    story = build.happy()
    server = next(span for span in story.spans if span.name == "POST /jobs/reserve-stock")
    story.log(server, "stock rejected (sold out)", 30)
    assert told(story)[-1][1:] == ("CONFIRMED", "reserved", False)


def test_spans_tell_what_happened_where_log_lines_are_missing() -> None:
    story = build.happy()
    story.logs.clear()
    assert told(story)[-1][1:] == ("CONFIRMED", "reserved", False)


def test_a_trace_that_is_no_orders_has_no_moments() -> None:
    assert told(build.shop()) == []
