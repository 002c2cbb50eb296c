"""The order was not confirmed in time and is cancelled (the mode of consistency)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.decided import crossed
from evidence.rules.phrases import ask_worker, failure, milliseconds, with_status
from evidence.trace import NANOS_PER_MS, moment

if TYPE_CHECKING:
    from collections.abc import Iterator


def cancelled(case: Case) -> Finding | None:
    """The API has told its client that it does not take the order; what the worker did is open."""
    if case.belief.value != "CANCELLED":
        return None
    certain = sentence(
        "certain",
        _("The order was not confirmed in time, so the API cancelled it and told its client so."),
        *case.belief.records,
    )
    headline = (
        _("the stock is reserved for nobody")
        if case.fact.value == "reserved"
        else _("not confirmed in time")
    )
    return Finding(
        with_status(case, headline),
        (*_delivery(case), certain, *_late_event(case), *_at_the_worker(case)),
    )


def _delivery(case: Case) -> Iterator[Sentence]:
    if case.deliveries and case.deliveries[-1].failed:
        yield failure(case.deliveries[-1])
    else:
        yield from crossed(case)


def _late_event(case: Case) -> Iterator[Sentence]:
    for log in case.trace.said(words.SAID_EVENT_TOO_LATE)[:1]:
        after = round((moment(log) - case.belief.unix_nano) / NANOS_PER_MS)
        said = _(
            "The worker's event came %(ms)s ms after that and changed nothing: what the client was"
            " told holds."
        )
        yield sentence("fact", said % {"ms": milliseconds(after)}, log)


def _at_the_worker(case: Case) -> Iterator[Sentence]:
    known = _known().get(case.fact.value)
    if known is not None:
        yield sentence("certain", known, *case.fact.records)
    elif case.deliveries and all(each.never_sent for each in case.deliveries):
        said = _("No job was sent, so the worker has reserved nothing.")
        proofs = [record for each in case.deliveries for record in each.account]
        yield sentence("certain", said, *proofs)
    else:
        said = _(
            "Whether the worker has reserved the stock cannot be known from these records: if it"
            " has, it holds it for nobody until reconciliation releases it."
        )
        proofs = [record for each in case.deliveries for record in each.account]
        yield sentence("unknown", said, *proofs, *case.belief.records)
        yield ask_worker(case)


def _known() -> dict[str, str]:
    return {
        "reserved": _(
            "The worker has reserved the stock all the same, and holds it for nobody until"
            " reconciliation releases it."
        ),
        "released": _("The worker had reserved the stock, and has released it again."),
        "rejected": _("The worker was sold out and has reserved nothing."),
        "declined": _("The worker did not do the job and has reserved nothing."),
    }
