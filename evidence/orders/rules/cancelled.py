"""The order was not confirmed in time and is cancelled (the mode of consistency)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.log_messages import LOG_EVENT_TOO_LATE
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import NANOS_PER_MS, moment
from evidence.orders.known import JOB_ARRIVED
from evidence.orders.rules.decided import crossed
from evidence.orders.rules.phrases import ask_worker, failure, with_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.orders.case import Case

_AT_THE_WORKER = {
    "reserved": "cancelled.reserved",
    "released": "cancelled.released",
    "rejected": "cancelled.sold_out",
    "declined": "cancelled.declined",
}


def cancelled(case: Case) -> Finding | None:
    """The API answered its client that it does not take the order; the worker's part is open."""
    if case.belief.value != "CANCELLED":
        return None
    certain = sentence("certain", Message("cancelled.by_api"), *case.belief.records)
    reserved = case.fact.value == "reserved"
    headline = "cancelled.reserved_headline" if reserved else "cancelled.not_confirmed_headline"
    return Finding(
        with_status(case, Message(headline)),
        (*_delivery(case), certain, *_late_event(case), *_at_the_worker(case)),
    )


def _delivery(case: Case) -> Iterator[Sentence]:
    if case.deliveries and case.deliveries[-1].failed:
        yield failure(case.deliveries[-1])
    else:
        yield from crossed(case)


def _late_event(case: Case) -> Iterator[Sentence]:
    for log in case.trace.logs_with_message(LOG_EVENT_TOO_LATE)[:1]:
        after = round((moment(log) - case.belief.unix_nano) / NANOS_PER_MS)
        yield sentence("fact", Message("cancelled.late_event", {"ms": after}), log)


def _at_the_worker(case: Case) -> Iterator[Sentence]:
    code = _AT_THE_WORKER.get(case.fact.value)
    attempts = [record for each in case.deliveries for record in each.outcome_records]
    if code is not None:
        yield sentence("certain", Message(code), *case.fact.records)
    elif (
        case.deliveries
        and all(each.never_sent for each in case.deliveries)
        and case.known.first(JOB_ARRIVED) is None
    ):
        yield sentence("certain", Message("cancelled.never_sent"), *attempts)
    else:
        unknown = Message("cancelled.reservation_unknown")
        yield sentence("unknown", unknown, *attempts, *case.belief.records)
        yield ask_worker(case)
