"""Only the worker's side is seen, and no callback of it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, Sentence, sentence
from evidence.orders import words
from evidence.orders.facts import DONE
from evidence.orders.known import JOB_DONE
from evidence.orders.rules.phrases import ask_api, known

if TYPE_CHECKING:
    from evidence.orders.case import Case

_DONE = {
    "reserved": "worker_side.reserved",
    "rejected": "worker.sold_out",
    "released": "worker_side.released",
    "declined": "cancelled.declined",
}


def worker_side(case: Case) -> Finding | None:
    """What the worker has done, whether its callback was answered, and what it can't know."""
    if case.sees_api or not case.job_at_worker:
        return None
    answered = [crossing for crossing in case.callbacks if crossing.succeeded]
    arrivals = (arrival for crossing in case.deliveries for arrival in crossing.arrivals)
    unknown = sentence("unknown", Message("worker_side.api_waits_unknown"), *arrivals)
    if not answered:
        done = case.fact.value in DONE
        headline = "worker_side.no_callback_headline" if done else "worker_side.arrived_headline"
        return Finding(Message(headline), (_done(case), unknown, ask_api(case)))
    last = answered[-1]
    callback = Message("worker_side.callback_answered", {"ms": known(last.elapsed_ms)})
    return Finding(
        Message("worker_side.headline"),
        (
            _done(case),
            sentence("certain", callback, *last.outcome_records),
            unknown,
            ask_api(case),
        ),
    )


def _done(case: Case) -> Sentence:
    code = _DONE.get(case.fact.value)
    if code is not None:
        return sentence("fact", Message(code), *case.fact.records)
    called = case.known.first(JOB_DONE, side=words.WORKER)
    if called is not None:
        return sentence("fact", Message("callback.processed"), *called.records)
    return sentence("fact", Message("worker_side.arrived"), *case.job_at_worker[:2])
