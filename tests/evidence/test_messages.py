from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from base.message import Message
from evidence.model.crossing import Crossing
from evidence.model.trace import Trace
from evidence.orders.crossings import crossings
from evidence.orders.messages import messages
from evidence.windows import FaultWindow
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.sent import SentMessage


def between_services(
    story: build.Story, *windows: FaultWindow
) -> dict[tuple[str, str], SentMessage]:
    """The messages between api and worker, by kind and sender."""
    found = messages(crossings(Trace(story.spans, story.logs)), windows=windows)
    return {
        (one.kind, one.sender): one
        for one in found
        if {one.sender, one.receiver} != {"client", "api"}
    }


def test_a_confirmed_order_delivers_every_message() -> None:
    found = between_services(build.happy())
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
    job = between_services(build.STORIES[name]())["request", "api"]
    assert job.outcome == outcome
    assert job.gave_up is not None


def test_an_answer_ready_before_the_api_gave_up_was_lost() -> None:
    answer = between_services(build.response_lost())["response", "worker"]
    assert (answer.outcome, answer.received) == ("lost", None)


def test_an_answer_and_a_callback_after_the_api_gave_up_are_late() -> None:
    found = between_services(build.c_slow())
    assert found["response", "worker"].outcome == "late"
    event = found["request", "worker"]
    assert (event.outcome, event.received) == ("late", build.at(5020))


def test_a_callback_after_a_failed_attempt_and_a_good_one_is_not_late() -> None:
    assert between_services(build.retried())["request", "worker"].outcome == "delivered"


def test_a_process_that_died_sent_no_answer() -> None:
    assert ("response", "worker") not in between_services(build.crash())


def test_times_of_clocks_that_disagree_prove_no_loss() -> None:
    story = build.Story(skew_ms={"worker": -500})
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    build.work(story, client, start=8, end=1000, reserve_at=14)
    assert between_services(story)["response", "worker"].outcome == "unknown"


def test_a_fault_known_to_have_covered_the_whole_call_explains_the_loss() -> None:
    window = FaultWindow("api->worker", "request_lost", build.at(0))
    assert between_services(build.request_lost(), window)["request", "api"].outcome == "lost"


@pytest.mark.parametrize(
    "window",
    [
        FaultWindow("worker->api", "request_lost", build.at(0)),
        FaultWindow("api->worker", "slow", build.at(0)),
        FaultWindow("api->worker", "request_lost", build.at(100)),
        FaultWindow("api->worker", "request_lost", build.at(0), build.at(400)),
    ],
)
def test_any_other_fault_explains_nothing(window: FaultWindow) -> None:
    assert between_services(build.request_lost(), window)["request", "api"].outcome == "unknown"


def test_ids_are_unique_also_of_duplicates() -> None:
    story = build.duplicate()
    found = messages(crossings(Trace(story.spans, story.logs)))
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize(
    ("start", "end", "outcome"),
    [(6, 807, "lost"), (7, 807, "unknown"), (6, 806, "unknown")],
)
def test_a_fault_covers_a_call_from_its_sending_to_its_end(
    start: float, end: float, outcome: str
) -> None:
    window = FaultWindow("api->worker", "cut", build.at(start), build.at(end))
    assert between_services(build.request_lost(), window)["request", "api"].outcome == outcome


def one_call(
    *arrived: tuple[float, float | None], over: float | None, **of_client: Any
) -> Crossing:
    """A call sent at 10 ms; each ``arrived`` is begin and end of an arrival, in milliseconds."""
    story = build.Story()
    client = story.span("api", "POST", 10, over, kind="CLIENT", **of_client)
    arrivals = tuple(
        story.span("worker", "POST /jobs/reserve-stock", start, end, parent=client, kind="SERVER")
        for start, end in arrived
    )
    return Crossing("api", "worker", None, client, arrivals)


def outcomes(crossing: Crossing) -> list[tuple[str, str]]:
    return [(one.kind, one.outcome) for one in messages([crossing])]


@pytest.mark.parametrize(("arrived", "outcome"), [(20, "delivered"), (21, "late")])
def test_a_request_is_late_when_it_came_after_its_sender_had_given_up(
    arrived: float, outcome: str
) -> None:
    failed = replace(one_call((arrived, 40), over=20), error_kind="read_timeout")
    assert outcomes(failed)[0] == ("request", outcome)


@pytest.mark.parametrize(("left", "outcome"), [(19, "lost"), (20, "lost"), (21, "late")])
def test_an_answer_to_a_call_that_was_given_up_is_lost_or_late(left: float, outcome: str) -> None:
    failed = replace(one_call((12, left), over=20), error_kind="read_timeout")
    assert outcomes(failed) == [("request", "delivered"), ("response", outcome)]


def test_of_a_call_that_is_not_over_the_answers_outcome_is_unknown() -> None:
    assert outcomes(one_call((12, 18), over=None)) == [
        ("request", "delivered"),
        ("response", "unknown"),
    ]


def test_only_the_first_answer_to_a_duplicate_is_awaited() -> None:
    found = outcomes(one_call((12, 17), (13, 18), over=20))
    assert [outcome for kind, outcome in found if kind == "response"] == ["delivered", "unknown"]


@pytest.mark.parametrize(
    ("error_kind", "expected"),
    [
        ("", [("request", "delivered"), ("response", "delivered")]),
        ("http_5xx", [("request", "unknown"), ("response", "delivered")]),
        ("read_timeout", [("request", "unknown")]),
    ],
)
def test_without_the_other_sides_records_an_answer_is_known_by_the_senders(
    error_kind: str, expected: list[tuple[str, str]]
) -> None:
    crossing = replace(one_call(over=20), error_kind=error_kind)
    assert outcomes(crossing) == expected
    answers = [one for one in messages([crossing]) if one.kind == "response"]
    assert [(one.sent, one.received) for one in answers] == [
        (build.at(20), build.at(20)) for _ in answers
    ]


def test_a_response_is_labelled_by_the_status_on_record_or_as_an_answer() -> None:
    def label(crossing: Crossing) -> object:
        return messages([crossing])[-1].label

    assert label(one_call((12, 18), over=20, http__response__status_code=201)) == "HTTP 201"
    assert label(one_call((12, 18), over=20)) == Message("message.answer")
    lost = replace(one_call((12, 18), over=20), error_kind="read_timeout")
    (arrival,) = lost.arrivals
    answered = replace(arrival, attributes={"http.response.status_code": 200})
    assert label(replace(lost, arrivals=(answered,))) == "HTTP 200"
    nonsense = replace(arrival, attributes={"http.response.status_code": "two hundred"})
    assert label(replace(lost, arrivals=(nonsense,))) == Message("message.answer")


def test_a_message_is_named_by_its_calls_span_and_stays_so_while_records_come_in() -> None:
    alone, answered = one_call(over=None), one_call((12, 18), over=20)
    assert messages([alone])[0].id == messages([answered])[0].id == "0000000000000001-request-0"
    assert {one.span_id for one in messages([alone])} == {"0000000000000001"}
    logged = Crossing("api", "worker", log=build.a_socket().logs[1], error_kind="reset")
    assert messages([logged])[0].span_id == build.a_socket().logs[1].span_id
    assert len({one.id for one in messages([alone, alone])}) == 2


def test_a_request_whose_sending_is_not_on_record_counts_as_sent_when_it_came() -> None:
    arrived = replace(one_call((12, 18), over=20), client=None)
    request = messages([arrived])[0]
    assert (request.sent, request.received) == (build.at(12), build.at(12))


def test_a_call_that_the_breaker_held_back_is_no_giving_up() -> None:
    story = build.c_slow()
    story.span(
        "api",
        "job.deliver",
        1,
        2,
        error="not sent",
        lab__boundary="api->worker",
        lab__circuit_breaker__state="open",
    )
    (job, *_) = (
        one
        for one in messages(crossings(Trace(story.spans, story.logs)))
        if (one.kind, one.sender) == ("request", "api")
    )
    event = between_services(story)["request", "worker"]
    assert (job.gave_up, event.outcome) == (build.at(807), "late")


@pytest.mark.parametrize(("arrived", "outcome"), [(807, "delivered"), (808, "late")])
def test_an_event_is_late_when_it_came_after_the_api_had_given_up(
    arrived: float, outcome: str
) -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=8, end=900, reserve_at=700)
    build.confirm(
        story, build.call_back(story, server, start=750, end=820, status=200), start=arrived
    )
    assert between_services(story)["request", "worker"].outcome == outcome


def test_a_breaker_that_held_a_first_attempt_back_makes_no_event_late() -> None:
    story = build.response_lost()
    story.span(
        "api",
        "job.deliver",
        1,
        2,
        error="not sent",
        lab__boundary="api->worker",
        lab__circuit_breaker__state="open",
    )
    assert between_services(story)["request", "worker"].outcome == "delivered"


def test_a_request_is_labelled_as_the_contract_names_it_else_by_a_span() -> None:
    assert messages([one_call(over=20)])[0].label == "POST /jobs/reserve-stock"
    elsewhere = replace(one_call((12, 18), over=20), receiver="bank")
    assert messages([elsewhere])[0].label == "POST /jobs/reserve-stock"
    assert messages([replace(elsewhere, arrivals=())])[0].label == "POST"


def test_a_second_answer_is_labelled_by_its_own_status() -> None:
    call = one_call((12, 17), (13, 18), over=20, http__response__status_code=201)
    second = replace(call.arrivals[1], attributes={"http.response.status_code": 409})
    found = messages([replace(call, arrivals=(call.arrivals[0], second))])
    assert [one.label for one in found if one.kind == "response"] == ["HTTP 201", "HTTP 409"]
