"""The job reached the worker when nobody awaited it any more, and was not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.log_messages import LOG_JOB_NOT_BEGUN
from evidence.model.finding import Finding, sentence
from evidence.model.trace import number
from evidence.orders import words
from evidence.orders.rules.phrases import ask_worker, failure, known, with_status

if TYPE_CHECKING:
    from evidence.orders.case import Case


def not_begun(case: Case) -> Finding | None:
    """The worker logged that the deadline of its caller had passed, and did nothing."""
    logs = case.trace.logs_with_message(LOG_JOB_NOT_BEGUN)
    if not logs or case.fact.value != "declined" or case.belief.value in words.DECIDED:
        return None
    late = Message("not_begun.late", {"late": known(number(logs[-1], "lateMs"))})
    last = case.deliveries[-1:]
    attempts = [record for each in last for record in each.outcome_records]
    answered = any(each.answered for each in last)
    unknown = "answered.how_far_unknown" if answered else "not_begun.api_cannot_know"
    return Finding(
        with_status(case, Message("not_begun.headline")),
        (
            *(failure(each) for each in last if each.failed),
            sentence("certain", late, logs[-1], *case.belief.records),
            sentence("unknown", Message(unknown), *attempts),
            ask_worker(case),
        ),
    )
