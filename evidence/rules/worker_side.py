"""Only the worker's side is seen, and no callback of it failed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import ask_api, milliseconds


def worker_side(case: Case) -> Finding | None:
    """What the worker has done, whether it told the API, and what it can't know of it."""
    if case.sees_api or not case.job_at_worker:
        return None
    told = [crossing for crossing in case.callbacks if crossing.succeeded]
    unknown = sentence(
        "unknown",
        _(
            "Whether the API was still waiting for the answer to its job cannot be known from the"
            " worker's side alone."
        ),
        *(arrival for crossing in case.deliveries for arrival in crossing.arrivals),
    )
    if not told:
        headline = (
            _("The worker has done its part, and no callback is on record")
            if case.fact.value in ("reserved", "rejected", "released")
            else _("The job arrived at the worker, and no reservation is on record")
        )
        return Finding(headline, (_done(case), unknown, ask_api(case)))
    last = told[-1]
    certain = sentence(
        "certain",
        _("The API answered the callback after %(ms)s ms, so the event arrived.")
        % {"ms": milliseconds(last.elapsed_ms)},
        *last.account,
    )
    return Finding(
        _("The worker has done its part, and the API was told"),
        (_done(case), certain, unknown, ask_api(case)),
    )


def _done(case: Case) -> Sentence:
    if case.fact.value == "reserved":
        return sentence("fact", _("The worker reserved the stock."), *case.fact.records)
    if case.fact.value == "rejected":
        return sentence("fact", _("The worker was sold out."), *case.fact.records)
    if case.fact.value == "released":
        said = _("The worker has released what it had reserved: the API cancelled the order.")
        return sentence("fact", said, *case.fact.records)
    said = _("The job arrived at the worker; no record says that it reserved anything.")
    return sentence("fact", said, *case.job_at_worker[:2])
