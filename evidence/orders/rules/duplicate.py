"""One order, reserved more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, sentence
from evidence.orders.facts import reservations
from evidence.orders.rules.phrases import ask_worker, with_status

if TYPE_CHECKING:
    from evidence.orders.case import Case


def reserved_twice(case: Case) -> Finding | None:
    """The worker's records show several reservations in one request."""
    done = reservations(case.trace)
    if len(done) < 2:
        return None
    arrivals = [arrival for crossing in case.deliveries for arrival in crossing.arrivals]
    sent = [crossing for crossing in case.deliveries if crossing.sender_records]
    times = Message("duplicate.reserved", {"times": len(done)})
    sentences = [sentence("certain", times, *done)]
    if arrivals:
        arrived = Message("duplicate.arrived", {"times": len(arrivals)})
        sentences.insert(0, sentence("fact", arrived, *arrivals))
    if case.sees_api and sent:
        unknown = Message("duplicate.api_cannot_know", {"sent": len(sent)})
        proofs = [record for crossing in sent for record in crossing.outcome_records]
        sentences.append(sentence("unknown", unknown, *proofs))
    sentences.append(ask_worker(case))
    return Finding(with_status(case, Message("duplicate.headline")), tuple(sentences))
