"""The job was sent and no answer came (experiment C): a timeout is not a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.model.clocks import clocks_disagree
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import NANOS_PER_MS, moment
from evidence.orders import words
from evidence.orders.known import EVENT_ARRIVED, JOB_ARRIVED, JOB_DONE
from evidence.orders.rules.phrases import ask_worker, failure, joined, with_status
from evidence.windows import was_stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.model.crossing import Crossing
    from evidence.model.trace import Record
    from evidence.orders.case import Case
    from telemetry.records import LogRecord, Span


def no_answer(case: Case) -> Finding | None:
    """An attempt ended without an answer and none after it had one: the API can't know the rest."""
    attempts = [each for each in case.deliveries if each.sender_records]
    if not attempts or not attempts[-1].failed or attempts[-1].answered:
        return None
    failed = [each for each in attempts if each.failed]
    unanswered = [each for each in failed if not each.never_sent and not each.answered]
    if not unanswered and any(each.answered for each in failed):
        return None
    last = (unanswered or attempts)[-1]
    if case.job_at_worker:
        return _arrived(case, last)
    event = case.event
    if event is not None:
        return _known_by_event(case, last, event)
    if case.known.first(JOB_ARRIVED) is not None:
        return None
    return None if case.belief.value in words.DECIDED else _open(case, last)


def _arrived(case: Case, last: Crossing) -> Finding:
    """The worker's records show what the API could not know."""
    return Finding(
        with_status(case, Message(_headline(case, last))),
        (
            failure(last),
            _outcome(case, last),
            *_callback_failure(case),
            *_when_it_gave_up(case, last),
            *_settled(case, last),
        ),
    )


def _when_it_gave_up(case: Case, last: Crossing) -> Iterator[Sentence]:
    """What the API knew of the job at the end of this call, by its own records until then."""
    if last.never_sent:
        yield sentence("certain", Message("no_answer.by_another_call"), *last.outcome_records)
        return
    known = case.known.first(JOB_ARRIVED, side=words.API, until=last.over_at)
    unknown = Message("no_answer.could_not_know", {"candidates": _candidates(last)})
    if known is not None:
        done = case.known.first(JOB_DONE, side=words.API, until=last.over_at)
        code = "no_answer.knew_of_job" if done is None else "no_answer.knew_of_work"
        yield sentence("certain", Message(code), *(done or known).records)
        unknown = Message("no_answer.answer_unknown")
    yield sentence("unknown", unknown, *last.outcome_records)


def _headline(case: Case, last: Crossing) -> str:
    if case.fact.value == "accepted":
        return "no_answer.accepted_headline"
    done = case.fact.value in ("reserved", "rejected")
    if done and case.known.first(JOB_DONE, side=words.API) is None:
        return "no_answer.done_headline"
    if _answered_in_time(last) is not None and case.known.first(JOB_DONE) is not None:
        return "no_answer.lost_headline"
    if case.known.first(EVENT_ARRIVED, side=words.API, until=last.over_at) is not None:
        return "no_answer.event_headline"
    return _headline_by_times(last)


def _headline_by_times(last: Crossing) -> str:
    """When the job came and was answered, beside when the API gave up: both clocks must agree."""
    if last.over_at is None or not last.arrivals or clocks_disagree(last):
        return "no_answer.no_answer_headline"
    arrival = last.arrivals[0]
    if moment(arrival) > last.over_at:
        return "no_answer.late_headline"
    went_on = arrival.end_time_unix_nano > last.over_at
    return "no_answer.slow_headline" if went_on else "no_answer.no_answer_headline"


def _outcome(case: Case, last: Crossing) -> Sentence:
    """What became of the job at the worker."""
    fact = case.fact
    if fact.value == "released":
        return sentence("certain", Message("cancelled.released"), *fact.records)
    if fact.value not in ("reserved", "rejected"):
        return sentence("certain", Message("no_answer.arrived"), *case.job_at_worker[:2])
    answered = _answered_in_time(last)
    arrival = answered or (last.arrivals[-1] if last.arrivals else None)
    proofs = (arrival, *fact.records, *case.belief.records)
    if answered is not None:
        before = round(((last.over_at or 0) - answered.end_time_unix_nano) / NANOS_PER_MS)
        outcome = Message("no_answer.answer_lost", {"before": before})
    else:
        reserved = fact.value == "reserved"
        code = "no_answer.reserved_after" if reserved else "no_answer.sold_out_after"
        outcome = Message(code, {"after": _after_arrival(case, arrival)})
    return sentence("certain", joined(outcome, *_order_now(case)), *proofs)


def _order_now(case: Case) -> list[Message]:
    """Where the order stands, in so far as the API's records show it."""
    status = case.belief.value
    if status == "unknown":
        return []
    if status == "PENDING":
        learned = case.known.first(JOB_DONE, side=words.API)
        return [Message("no_answer.still_pending")] if learned is None else []
    by_event = _first_shown_by(case, case.event)
    code = "no_answer.decided_by_callback" if by_event else "api.status"
    return [Message(code, {"status": status})]


def _first_shown_by(case: Case, event: LogRecord | None) -> bool:
    """Whether the API learned what the worker had done from its event, and not before."""
    decided = next((each for each in case.beliefs if each.value in ("CONFIRMED", "REJECTED")), None)
    return event is not None and (decided is None or moment(event) <= decided.unix_nano)


def _settled(case: Case, last: Crossing) -> Iterator[Sentence]:
    """What has informed the API since, or would."""
    known = case.known.first(JOB_DONE, side=words.API)
    event = case.event
    if event is not None and _first_shown_by(case, event):
        yield _settled_by_event(case, last, event)
    elif known is None:
        yield ask_worker(case)
    elif last.over_at is not None and known.at > last.over_at:
        settled = Message("no_answer.settled", {"status": case.belief.value})
        yield sentence("settles", settled, *known.records)


def _after_arrival(case: Case, arrival: Span | None) -> int:
    """Milliseconds from the job's arrival to what the worker did, by the worker's own clock."""
    start = moment(arrival or case.job_at_worker[0])
    return max(0, round((case.fact.unix_nano - start) / NANOS_PER_MS))


def _settled_by_event(case: Case, last: Crossing, event: LogRecord) -> Sentence:
    """When the event came, beside when the API gave up: both by the API's clock."""
    came = moment(event)
    over = last.over_at or came
    records: tuple[Record, ...] = (event,)
    before = case.known.first(EVENT_ARRIVED, side=words.API, until=last.over_at)
    if came > over and before is not None:
        # It had come before; the log record of that is not among these.
        came, records = before.at, before.records
    after = last.over_at is None or came > over
    # Its arrival is on record a moment before what the API made of it.
    if case.belief.value in words.DECIDED:
        code = "no_answer.callback_after" if after else "no_answer.callback_before"
    else:
        code = "no_answer.callback_settles_after" if after else "no_answer.callback_settles_before"
    gap = abs(round((came - over) / NANOS_PER_MS))
    return sentence("settles", Message(code, {"ms": gap}), *records)


def _callback_failure(case: Case) -> list[Sentence]:
    if case.callbacks and all(crossing.failed for crossing in case.callbacks):
        return [failure(case.callbacks[-1])]
    return []


def _known_by_event(case: Case, last: Crossing, event: LogRecord) -> Finding:
    """The API alone: the event shows that the job had arrived."""
    timed_out = last.error_kind == ErrorKind.READ_TIMEOUT
    shown = Message("no_answer.event_after_timeout" if timed_out else "no_answer.event")
    until = last.over_at
    known = case.known.first(EVENT_ARRIVED, side=words.API, until=until)
    after = until is None or known is None
    headline = "no_answer.gave_up_headline" if after else "no_answer.event_headline"
    return Finding(
        with_status(case, Message(headline)),
        (
            failure(last),
            sentence("certain", shown, event, *case.belief.records),
            _why_unknown(last),
            _settled_by_event(case, last, event),
        ),
    )


def _why_unknown(last: Crossing) -> Sentence:
    """What the event leaves open: what had become of the call before it."""
    if last.never_sent:
        return sentence("certain", Message("no_answer.by_another_call"), *last.outcome_records)
    timed_out = last.error_kind == ErrorKind.READ_TIMEOUT
    code = "no_answer.why_late_unknown" if timed_out else "no_answer.why_broken_unknown"
    return sentence("unknown", Message(code), *last.outcome_records)


def _open(case: Case, last: Crossing) -> Finding:
    """Nobody's records show whether the job arrived."""
    unanswered = [each for each in case.deliveries if each.failed and not each.never_sent]
    if all(was_stopped(each, case.windows) for each in unanswered):
        return _stopped(case, last)
    unknown = Message("no_answer.arrival_unknown_to_api", {"candidates": _candidates(last)})
    if case.seen.everything:
        unknown = Message("no_answer.arrival_unknown")
    return Finding(
        with_status(case, Message("no_answer.open_headline")),
        (
            failure(last),
            sentence("certain", Message("no_answer.not_a_failure"), *last.outcome_records),
            sentence("unknown", unknown, *last.outcome_records),
            ask_worker(case),
        ),
    )


def _stopped(case: Case, last: Crossing) -> Finding:
    """The lab's own list of faults shows what no record of the two sides can."""
    unknown = Message("no_answer.stopped_unknown_to_api", {"candidates": _candidates(last)})
    return Finding(
        with_status(case, Message("not_sent.headline")),
        (
            failure(last),
            sentence("certain", Message("no_answer.stopped"), *last.outcome_records),
            sentence("unknown", unknown, *last.outcome_records),
            ask_worker(case),
        ),
    )


def _candidates(last: Crossing) -> Message:
    """What would look the same to the API."""
    reset = last.error_kind == ErrorKind.RESET
    return Message("no_answer.reset_candidates" if reset else "no_answer.candidates")


def _answered_in_time(last: Crossing) -> Span | None:
    """The arrival whose answer was ready before the API gave up; times must be comparable."""
    over = last.over_at
    if over is None or clocks_disagree(last):
        return None
    return next((each for each in last.arrivals if 0 < each.end_time_unix_nano < over), None)
