"""What a side knows at a moment is what it has on record by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from evidence.model.crossing import Crossing
from evidence.model.knowledge import Clue, Knowledge, clues_of
from evidence.windows import FaultWindow
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.perspective import Perspective

KNEW = "When it gave up, the API knew already that the worker had done the job"
COULD_NOT_KNOW = "When it gave up, the API could not know this"


def sentences(story: build.Story, *kinds: str, perspective: Perspective = "all") -> list[str]:
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)[
        "diagnosis"
    ]["sentences"]
    return [one["text"] for one in found if not kinds or one["kind"] in kinds]


def test_a_side_knows_from_its_first_record_on_and_the_other_side_does_not() -> None:
    early = Clue("shop", 5, "paid", ())
    late = Clue("shop", 9, "paid", ())
    known = Knowledge([late, early])
    assert known.first("paid", side="shop") == early
    assert known.first("paid", side="shop", until=5) == early
    assert known.first("paid", side="shop", until=4) is None
    assert known.first("paid", side="bank") is None
    assert known.first("shipped", "paid") == early
    assert known.first("shipped") is None


def test_a_call_shows_its_arrival_to_the_callee_and_its_answer_to_the_caller() -> None:
    story = build.Story()
    call = story.span("shop", "POST", 10, 40, kind="CLIENT")
    arrival = story.span("bank", "POST /pay", 15, 30, parent=call, kind="SERVER")
    answered = Crossing("shop", "bank", client=call, arrivals=(arrival,))
    assert [*clues_of(answered, arrived="order")] == [
        Clue("bank", build.at(15), "order", (arrival,)),
        Clue("shop", build.at(40), "order", (call,)),
    ]
    failed = Crossing("shop", "bank", client=call, arrivals=(arrival,), error_kind="read_timeout")
    assert [clue.side for clue in clues_of(failed, arrived="order")] == ["bank"]
    running = story.span("shop", "POST", 10, None, kind="CLIENT")
    assert not [*clues_of(Crossing("shop", "bank", client=running), arrived="order")]


def timed_out(*, event: float) -> build.Story:
    """The answer to the job is lost; the event comes at ``event``, and the API gives up at 807."""
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=8, end=event + 20, reserve_at=event - 6)
    below = build.call_back(story, server, start=event - 5, end=event + 10, status=200)
    build.confirm(story, below, start=event - 1)
    return story


@pytest.mark.parametrize(
    ("event", "knew"), [(100, True), (807, True), (810, False), (5_000, False)]
)
def test_what_the_api_knew_when_it_gave_up_goes_by_its_own_records_until_then(
    event: float, knew: bool
) -> None:
    story = timed_out(event=event)
    certain, unknown = sentences(story, "certain"), sentences(story, "unknown")
    assert any(text.startswith(KNEW) for text in certain) is knew
    assert any(text.startswith(COULD_NOT_KNOW) for text in unknown) is not knew
    assert ("What had become of the answer, the API could not know." in unknown) is knew


def test_a_job_that_another_call_brought_is_none_that_this_call_lost() -> None:
    story = build.Story()
    order = build.placed(story, until=20)
    build.deliver(story, order.place, start=6, end=9, error="connect_refused")
    build.work(story, None, start=900, end=930, reserve_at=910)
    assert "This call carried nothing, so the job came by another one." in sentences(
        story, "certain"
    )
    assert not sentences(story, "unknown")


def test_an_answered_call_shows_the_api_that_the_job_arrived_before_another_one_is_given_up() -> (
    None
):
    story = build.Story()
    order = build.placed(story, until=900)
    client = build.deliver(story, order.place, start=6, end=30, status=200)
    build.work(story, client, start=8, end=28)
    again = build.deliver(story, order.place, start=40, end=840, error="read_timeout", attempt=2)
    build.work(story, again, start=42, end=None)
    assert any("another call had been answered" in text for text in sentences(story, "certain"))


def test_an_event_that_never_left_is_not_said_to_have_arrived_when_the_api_has_asked() -> None:
    story = build.b_socket()
    place = next(span for span in story.spans if span.name == "order.place")
    asking = story.span("api", "order.reconcile", 5_000, 5_020, parent=place)
    story.log(asking, "order reconciled", 5_015, status="CONFIRMED")
    assert "At the API the order is CONFIRMED." in sentences(story, "certain")
    assert not any("event had arrived" in text for text in sentences(story))
    assert not any("PENDING" in text for text in sentences(story))


@pytest.mark.parametrize(
    ("arrived", "headline"),
    [
        ((8, 5_000), "PENDING: the worker has the job, and more is not known"),
        ((900, 905), "PENDING: the worker has the job, and more is not known"),
    ],
)
def test_an_accepted_job_is_no_more_than_accepted(
    arrived: tuple[float, float], headline: str
) -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    build.work(story, client, start=arrived[0], end=arrived[1])
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)["diagnosis"]
    assert found["headline"] == headline


@pytest.mark.parametrize(
    ("start", "end", "headline"),
    [
        (8, 37, "the job was done, only the answer was lost"),
        (8, 5_000, "the worker was slow, not dead"),
        (900, 930, "the job came when the API had given up"),
        (8, None, "the job had arrived, only no answer came"),
    ],
)
def test_slow_late_and_lost_are_told_apart_by_when_the_job_came_and_was_answered(
    start: float, end: float | None, headline: str
) -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=start, end=end, reserve_at=start + 6)
    below = build.call_back(story, server, start=6_000, end=6_010, status=200)
    build.confirm(story, below, start=6_004)
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)["diagnosis"]
    assert found["headline"] == f"CONFIRMED: {headline}"


def test_an_event_whose_log_record_is_lost_had_come_all_the_same() -> None:
    story = build.Story()
    order = build.placed(story, until=900)
    client = build.deliver(story, order.place, start=6, end=806, error="read_timeout")
    server = build.work(story, client, start=8, end=1_100, reserve_at=14)
    build.confirm(story, build.call_back(story, server, start=16, end=28, status=200), start=20)
    again = build.call_back(story, server, start=900, end=912, status=200)
    build.confirm(story, again, start=904)
    lost = [log for log in story.logs if log.body in ("event received", "order confirmed")][:2]
    story.logs = [log for log in story.logs if log not in lost]
    decided = next(span for span in story.spans if span.name == "order.confirm")
    story.spans.remove(decided)
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)["diagnosis"]
    codes = {each["code"] for each in found["sentences"]}
    assert "no_answer.callback_before" in codes
    assert "no_answer.callback_after" not in codes


def test_a_job_of_which_the_api_has_heard_did_arrive_before_the_api_died() -> None:
    story = build.Story()
    order = build.placed(story, until=10)
    for span in (order.server, order.place):
        story.change(span, end_time_unix_nano=0, state="abandoned")
    story.starts["api"] = 2
    build.confirm(story, order.place, start=400)
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective="api")
    codes = [each["code"] for each in found["diagnosis"]["sentences"]]
    assert "crashed.job_had_arrived" in codes
    assert "crashed.job_unknown" not in codes


def test_a_reservation_of_another_process_is_not_said_to_come_before_the_crash() -> None:
    story = build.crash()
    place = next(span for span in story.spans if span.name == "order.place")
    again = build.deliver(story, place, start=2_000, end=2_030, status=200, attempt=2)
    server = build.work(story, again, start=2_004, end=2_028, reserve_at=2_010)
    for log in [log for log in story.logs if log.span_id == server.span_id]:
        log.resource.attributes["service.instance.id"] = "worker-2"  # type: ignore[index]
    assert "The stock has been reserved." in sentences(story, "certain")


def test_a_callback_that_was_answered_is_on_record_though_the_api_says_nothing_of_it() -> None:
    story = build.happy()
    decided = {"POST /internal/order-events", "order.confirm"}
    gone = {span.span_id for span in story.spans if span.name in decided}
    story.spans = [span for span in story.spans if span.span_id not in gone]
    story.logs = [log for log in story.logs if log.span_id not in gone]
    unknown = sentences(story, "unknown")
    assert any("the worker's callback was answered" in text for text in unknown)
    assert not any("no record tells of a callback" in text for text in unknown)


def test_a_failure_of_which_no_record_says_how_shows_no_raw_name() -> None:
    story = build.Story()
    story.span("client", "order.click", 0, 4, kind="CLIENT", error="x", error__type="_OTHER")
    found = sentences(story)
    assert "At client → API the call failed, and no record says how." in found
    assert not any("_OTHER" in text for text in found)


@pytest.mark.parametrize(
    ("start", "end", "kind", "stopped"),
    [
        (0, 900, "request_lost", True),
        (0, None, "request_lost", True),
        (0, 900, "response_lost", False),
        (100, 900, "request_lost", False),
        (0, 500, "request_lost", False),
    ],
)
def test_a_fault_in_force_during_the_whole_call_settles_that_the_job_did_not_arrive(
    start: float, end: float | None, kind: str, stopped: bool
) -> None:
    story = build.request_lost()
    ended = None if end is None else build.at(end)
    window = FaultWindow("api->worker", kind, build.at(start), ended)
    for perspective, settled in (("all", stopped), ("api", False)):
        found = evidence_of(
            story.spans,
            story.logs,
            trace_id=build.TRACE_ID,
            perspective=perspective,
            windows=[window],
        )
        codes = {one["code"] for one in found["diagnosis"]["sentences"]}
        assert ("no_answer.stopped" in codes) is settled
        job = next(one for one in found["messages"] if one["to"] == "worker")
        assert job["outcome"] == ("lost" if settled else "unknown")
        assert bool(codes & {"no_answer.arrival_unknown", "no_answer.arrival_unknown_to_api"}) is (
            not settled
        )


def test_a_worker_that_waits_for_the_answer_to_its_callback_is_not_called_slow() -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    server = build.work(story, client, start=8, end=870, reserve_at=12)
    below = build.call_back(story, server, start=14, end=860, error="reset")
    build.confirm(story, below, start=18)
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)["diagnosis"]
    assert found["headline"] == "CONFIRMED: the event had come, only no answer did"


def test_an_answer_that_was_lost_is_not_said_to_be_of_a_job_that_no_record_shows_as_done() -> None:
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    story.span("worker", "POST /jobs/reserve-stock", 8, 37, parent=client, kind="SERVER")
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)["diagnosis"]
    assert found["headline"] == "PENDING: the job had arrived, only no answer came"
