"""Something answered the job, but not with success."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, Sentence, sentence
from evidence.orders.known import JOB_DONE
from evidence.orders.rules.phrases import ask_worker, failure, with_status

if TYPE_CHECKING:
    from evidence.model.crossing import Crossing
    from evidence.orders.case import Case

_DONE = {
    "reserved": "answered.reserved",
    "rejected": "worker.sold_out",
    "released": "cancelled.released",
}


def answered(case: Case) -> Finding | None:
    """An attempt was answered by a failure, and none after it fared otherwise or left the API."""
    attempts = [each for each in case.deliveries if each.sender_records and not each.never_sent]
    if not attempts or not attempts[-1].failed or not attempts[-1].answered:
        return None
    last = attempts[-1]
    sentences = [failure(last), _certain(case, last)]
    if case.known.first(JOB_DONE) is None:
        sentences.append(_unknown(case, last))
        sentences.append(ask_worker(case))
    return Finding(with_status(case, Message("answered.headline")), tuple(sentences))


def _certain(case: Case, last: Crossing) -> Sentence:
    own = case.job_at_worker
    code = _DONE.get(case.fact.value)
    if code is not None:
        return sentence("certain", Message(code), *case.fact.records)
    if own:
        return sentence("certain", Message("answered.arrived"), *own[:2])
    done = case.known.first(JOB_DONE)
    if done is not None:
        status = {"status": case.belief.value}
        return sentence("certain", Message("api.status", status), *done.records)
    return sentence("certain", Message("answered.way_was_open"), *last.outcome_records)


def _unknown(case: Case, last: Crossing) -> Sentence:
    if case.job_at_worker:
        code = "answered.how_far_unknown"
    elif case.seen.everything:
        code = "answered.who_unknown"
    else:
        code = "answered.worker_itself_unknown"
    return sentence("unknown", Message(code), *last.outcome_records)
