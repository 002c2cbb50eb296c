"""The diagnosis: a few sentences made by rules, each with the records that prove it.

A diagnosis never guesses. What the visible records do not show cannot be known, and is called so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.finding import Finding
from evidence.orders.rules.answered import answered
from evidence.orders.rules.callback import callback
from evidence.orders.rules.cancelled import cancelled
from evidence.orders.rules.caveats import caveats
from evidence.orders.rules.client import client
from evidence.orders.rules.decided import decided, waiting
from evidence.orders.rules.duplicate import reserved_twice
from evidence.orders.rules.ends import crashed, running
from evidence.orders.rules.general import general, nothing
from evidence.orders.rules.no_answer import no_answer
from evidence.orders.rules.not_begun import not_begun
from evidence.orders.rules.not_sent import not_sent
from evidence.orders.rules.worker_side import worker_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence.orders.case import Case

# The first that applies makes the diagnosis, so the stranger cases come first.
_OF_AN_ORDER: tuple[Callable[[Case], Finding | None], ...] = (
    client,
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
    return Finding(finding.headline, (*finding.sentences, *caveats(case)))


def _of_an_order(case: Case) -> Finding | None:
    if not case.is_order:
        return None
    return next((finding for rule in _OF_AN_ORDER if (finding := rule(case)) is not None), None)
