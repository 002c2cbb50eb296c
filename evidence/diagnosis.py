"""The diagnosis: a few sentences made by rules, each with the records that prove it.

A diagnosis never guesses. What the visible records do not show, it says cannot be known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.rules.answered import answered
from evidence.rules.callback import callback
from evidence.rules.cancelled import cancelled
from evidence.rules.caveats import caveats
from evidence.rules.client import client
from evidence.rules.decided import decided, waiting
from evidence.rules.duplicate import reserved_twice
from evidence.rules.ends import crashed, running
from evidence.rules.general import general, nothing
from evidence.rules.no_answer import no_answer
from evidence.rules.not_begun import not_begun
from evidence.rules.not_sent import not_sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence.case import Case, Finding, Sentence
from evidence.rules.worker_side import worker_side

# The first that applies tells the story, so the stranger cases come first.
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


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A headline and its sentences: which boundary, what is certain, what is not."""

    headline: str
    sentences: tuple[Sentence, ...]


def diagnose(case: Case) -> Diagnosis:
    """Say what the records of ``case`` prove. Never raises, whatever they are."""
    finding = nothing(case) or _of_an_order(case) or general(case)
    return Diagnosis(finding.headline, (*finding.sentences, *caveats(case)))


def _of_an_order(case: Case) -> Finding | None:
    if not case.is_order:
        return None
    return next((finding for rule in _OF_AN_ORDER if (finding := rule(case)) is not None), None)
