"""The job was never sent (experiment A): a failure before any byte of the request could leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.model.finding import Finding, Sentence, sentence
from evidence.orders.known import JOB_ARRIVED
from evidence.orders.rules.phrases import failure, joined, with_status

if TYPE_CHECKING:
    from evidence.model.crossing import Crossing
    from evidence.orders.case import Case

_UNKNOWN: dict[str, str] = {
    ErrorKind.CONNECT_REFUSED: "not_sent.why_refused_unknown",
    ErrorKind.CONNECT_TIMEOUT: "not_sent.why_silent_unknown",
    ErrorKind.SIMULATED_PARTITION: "not_sent.health_unknown",
}


def not_sent(case: Case) -> Finding | None:
    """Every attempt failed before the request could leave, so the worker can't have the job."""
    if not case.deliveries or case.fact.value not in ("unknown", "nothing"):
        return None
    if any(not each.never_sent for each in case.deliveries) or case.known.first(JOB_ARRIVED):
        return None
    last = case.deliveries[-1]
    held_back = last.held_back
    headline = Message("not_sent.breaker_headline" if held_back else "not_sent.headline")
    return Finding(
        with_status(case, headline),
        (failure(last), _certain(case), _unknown(case, last), _settles(last)),
    )


def _certain(case: Case) -> Sentence:
    last = case.deliveries[-1]
    if _is_cut_within(last):
        why = Message("not_sent.nothing_left")
    elif last.error_kind == ErrorKind.CONNECT_REFUSED:
        why = Message("not_sent.refused")
    else:
        why = Message("not_sent.no_connection")
    certain = Message("not_sent.certain", {"why": why})
    if case.belief.value == "PENDING":
        certain = joined(certain, Message("not_sent.stays_pending"))
    proofs = [record for crossing in case.deliveries for record in crossing.outcome_records]
    return sentence("certain", certain, *proofs, *case.belief.records)


def _unknown(case: Case, last: Crossing) -> Sentence:
    everything = case.seen.everything
    where = Message("not_sent.from_records" if everything else "not_sent.from_api_alone")
    kind = ErrorKind.SIMULATED_PARTITION if last.held_back else last.error_kind
    code = _UNKNOWN.get(kind, "not_sent.never_reached")
    return sentence("unknown", Message(code, {"where": where}), *last.outcome_records)


def _settles(last: Crossing) -> Sentence:
    code = "not_sent.ask_health" if _is_cut_within(last) else "not_sent.ask_past_the_link"
    return sentence("settles", Message(code))


def _is_cut_within(crossing: Crossing) -> bool:
    """Whether the API itself, by its breaker or by a switch in its code, sent nothing."""
    return crossing.held_back or crossing.error_kind == ErrorKind.SIMULATED_PARTITION
