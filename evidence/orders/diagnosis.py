"""The diagnosis: a few sentences made by rules, each with the records that prove it.

A diagnosis never guesses. What the visible records do not show cannot be known, and is called so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.finding import Finding
from evidence.model.journal import testimony
from evidence.orders.rules.answered import answered
from evidence.orders.rules.callback import callback
from evidence.orders.rules.cancelled import cancelled
from evidence.orders.rules.caveats import caveats
from evidence.orders.rules.client import client, commit, lost_commit
from evidence.orders.rules.decided import decided, waiting
from evidence.orders.rules.duplicate import reserved_twice
from evidence.orders.rules.ends import crashed, running
from evidence.orders.rules.general import general, nothing
from evidence.orders.rules.no_answer import no_answer
from evidence.orders.rules.not_begun import not_begun
from evidence.orders.rules.not_sent import not_sent
from evidence.orders.rules.phrases import service_name
from evidence.orders.rules.worker_side import worker_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evidence.model.finding import Sentence
    from evidence.orders.case import Case

# The first that applies makes the diagnosis, so the stranger cases come first.
_OF_AN_ORDER: tuple[Callable[[Case], Finding | None], ...] = (
    client,
    commit,
    crashed,
    reserved_twice,
    cancelled,
    not_begun,
    not_sent,
    no_answer,
    answered,
    callback,
    running,
    decided,
    waiting,
    worker_side,
)


def diagnose(case: Case) -> Finding:
    """Return what the records of ``case`` prove. Never raises, whatever they are."""
    finding = nothing(case) or _of_an_order(case) or general(case)
    return Finding(
        finding.headline, (*finding.sentences, *lost_commit(case), *_network(case), *caveats(case))
    )


def _of_an_order(case: Case) -> Finding | None:
    if not case.is_order:
        return None
    return next((finding for rule in _OF_AN_ORDER if (finding := rule(case)) is not None), None)


def _network(case: Case) -> Iterator[Sentence]:
    """What the links' journals say of the calls that failed, the last at each boundary."""
    for calls in (case.client_calls, case.deliveries, case.callbacks):
        failed = [each for each in calls if each.failed and each.client is not None]
        for call in failed[-1:]:
            span_id = call.client.span_id if call.client is not None else ""
            yield from testimony(case.trace, span_id, receiver=service_name(call.receiver))
