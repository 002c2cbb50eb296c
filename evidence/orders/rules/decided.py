"""The order was decided, or its delivery went well: nothing failed at the last attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import service
from evidence.orders import words
from evidence.orders.facts import DONE
from evidence.orders.known import EVENT_ARRIVED
from evidence.orders.rules.phrases import ask_worker, kinds, known, with_status
from evidence.orders.truths import contradict

if TYPE_CHECKING:
    from evidence.model.trace import Record
    from evidence.orders.case import Case

_CONTRADICTED = {
    "reserved": "decided.but_reserved",
    "rejected": "decided.but_sold_out",
    "released": "decided.but_released",
}


def decided(case: Case) -> Finding | None:
    """The API has an event of the worker's and has decided by it."""
    status = case.belief.value
    if status not in ("CONFIRMED", "REJECTED"):
        return None
    confirmed = status == "CONFIRMED"
    if contradict(case.belief, case.fact):
        headline = "decided.contradiction_headline"
        certain = _CONTRADICTED[case.fact.value]
    elif case.fact.value in DONE and any(map(_by_worker, case.fact.records)):
        headline = "decided.agreement_headline"
        certain = "decided.both_confirmed" if confirmed else "decided.both_rejected"
    elif case.event is not None:
        headline = "decided.event_headline"
        certain = "decided.confirmed_by_event" if confirmed else "decided.rejected_by_event"
    else:
        headline, certain = "decided.no_event_headline", "api.status"
    proofs = (*case.fact.records, case.event, *case.belief.records)
    return Finding(
        with_status(case, Message(headline)),
        (*crossed(case), sentence("certain", Message(certain, {"status": status}), *proofs)),
    )


def _by_worker(record: Record) -> bool:
    return service(record) == words.WORKER


def waiting(case: Case) -> Finding | None:
    """The job was delivered, and no event has come: the API's side of experiment B."""
    delivered = [crossing for crossing in case.deliveries if crossing.succeeded]
    if case.belief.value != "PENDING" or not delivered:
        return None
    event = case.known.first(EVENT_ARRIVED, side=words.API)
    if event is not None:
        arrived = Message("callback.event_without_decision")
        return Finding(
            with_status(case, Message("waiting.event_headline")),
            (
                *crossed(case),
                sentence("certain", arrived, *event.records, *case.belief.records),
                ask_worker(case),
            ),
        )
    done = case.fact.value in ("reserved", "rejected")
    certain = Message("waiting.processed" if done else "waiting.received")
    headline, unknown, records = _no_event(case)
    return Finding(
        with_status(case, Message(headline)),
        (
            *crossed(case),
            sentence("certain", certain, *delivered[-1].outcome_records, *case.fact.records),
            sentence("unknown", Message(unknown), *case.belief.records, *records),
            ask_worker(case),
        ),
    )


def _no_event(case: Case) -> tuple[str, str, tuple[Record, ...]]:
    """The headline, what is not known of the event, and which records limit that."""
    answered = case.known.first(EVENT_ARRIVED, side=words.WORKER)
    if answered is not None:
        return "waiting.answered_headline", "waiting.callback_answered", answered.records
    unknown = "waiting.no_callback" if case.sees_worker else "waiting.cannot_be_known"
    return "waiting.headline", unknown, ()


def crossed(case: Case) -> tuple[Sentence, ...]:
    """How the job crossed, the attempts that failed before it included."""
    good = [crossing for crossing in case.deliveries if crossing.succeeded]
    if not good:
        return ()
    last = good[-1]
    failed = [crossing for crossing in case.deliveries if crossing.failed]
    elapsed = known(last.elapsed_ms)
    delivered = Message("delivered.at_once", {"ms": elapsed})
    if failed:
        params = {"ms": elapsed, "failed": len(failed), "kinds": kinds(failed)}
        delivered = Message("delivered.at_last", params)
    proofs = [record for crossing in failed for record in crossing.outcome_records]
    return (sentence("fact", delivered, *last.outcome_records, *proofs),)
