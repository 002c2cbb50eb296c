"""The callback failed (experiment B): the work is done, and the API does not learn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.model.crossing import ANSWERED
from evidence.model.finding import Finding, Sentence, sentence
from evidence.orders import words
from evidence.orders.known import EVENT_ARRIVED
from evidence.orders.rules.phrases import ask_api, failure, joined, order_of, with_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.model.crossing import Crossing
    from evidence.orders.case import Case

_DONE = {
    "reserved": "callback.reserved",
    "rejected": "worker.sold_out",
    "released": "cancelled.released",
}


def callback(case: Case) -> Finding | None:
    """No callback succeeded by the worker's records."""
    calls = [crossing for crossing in case.callbacks if crossing.sender_records]
    if not calls or not all(crossing.failed for crossing in calls):
        return None
    if case.belief.value in ("CONFIRMED", "REJECTED"):
        return _api_knows(case)
    # Without any record of the API's, nothing shows what the event met there.
    if case.sees_api and case.of(words.API):
        return _not_decided(case)
    return _worker_alone(case)


def _last(case: Case) -> Crossing:
    """The callback that tells most: the last that may have arrived, else the last of all."""
    calls = [crossing for crossing in case.callbacks if crossing.sender_records]
    return ([crossing for crossing in calls if not crossing.never_sent] or calls)[-1]


def _api_knows(case: Case) -> Finding:
    """The order is decided all the same: by the event, only its answer failed, or without it."""
    last = _last(case)
    event = case.known.first(EVENT_ARRIVED, side=words.API)
    status = {"status": case.belief.value}
    certain = Message("api.status" if event is None else "callback.event_arrived", status)
    records = (*(event.records if event is not None else ()), *case.belief.records)
    answered = last.error_kind in ANSWERED
    headline = "callback.refused_headline" if answered else "callback.not_answered_headline"
    return Finding(
        with_status(case, Message(headline)),
        (
            failure(last),
            sentence("certain", certain, *records),
            *_worker_cannot_know(case, last),
            ask_api(case),
        ),
    )


def _not_decided(case: Case) -> Finding:
    """Both sides are seen: the work is done, and the order is not decided."""
    last = _last(case)
    settles = sentence("settles", Message("callback.settles", {"order": order_of(case)}))
    event = case.known.first(EVENT_ARRIVED, side=words.API)
    if event is not None:
        records = (*event.records, *case.belief.records)
        arrived = sentence("certain", Message("callback.event_without_decision"), *records)
        return Finding(
            with_status(case, Message("callback.event_not_taken_headline")),
            (failure(last), _done(case), arrived, settles),
        )
    unknown = sentence("unknown", Message("callback.api_cannot_know"), *case.belief.records)
    lost = all(crossing.never_sent for crossing in case.callbacks)
    headline = "callback.not_received_headline" if lost else "callback.no_event_headline"
    return Finding(
        with_status(case, Message(headline)), (failure(last), _done(case), unknown, settles)
    )


def _done(case: Case) -> Sentence:
    message = Message(_DONE.get(case.fact.value, "callback.processed"))
    if case.belief.value == "PENDING":
        message = joined(message, Message("callback.still_pending"))
    own = case.fact.records or case.callbacks[-1].outcome_records
    return sentence("certain", message, *own, *case.belief.records)


def _worker_alone(case: Case) -> Finding:
    last = _last(case)
    own = case.fact.records or last.outcome_records
    done = Message("callback.part_done_not_reached" if last.never_sent else "callback.part_done")
    return Finding(
        Message("callback.worker_alone_headline"),
        (
            failure(last),
            sentence("certain", done, *own, *last.outcome_records),
            *_worker_cannot_know(case, last),
            ask_api(case),
        ),
    )


def _worker_cannot_know(case: Case, last: Crossing) -> Iterator[Sentence]:
    """What this call leaves open to the worker, by the worker's own records."""
    if last.error_kind == ErrorKind.CONNECT_REFUSED:
        code = "callback.why_refused_unknown"
    elif last.error_kind in ANSWERED:
        code = "callback.taken_in_unknown"
    elif not last.never_sent:
        came = case.known.first(EVENT_ARRIVED, side=words.API) is not None
        code = "callback.worker_cannot_know" if came else "callback.arrival_unknown"
    elif case.fact.value == "released":
        # The API has answered by then that the order is cancelled.
        return
    else:
        code = "callback.belief_unknown"
    yield sentence("unknown", Message(code), *last.outcome_records)
