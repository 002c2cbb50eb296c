"""The callback failed (experiment B): the work is done, and the API is not told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import ask_api, failure, order_of, with_status


def callback(case: Case) -> Finding | None:
    """No attempt to tell the API succeeded, in the worker's eyes."""
    calls = [crossing for crossing in case.callbacks if crossing.sending]
    if not calls or not all(crossing.failed for crossing in calls):
        return None
    if case.belief.value in ("CONFIRMED", "REJECTED"):
        return _told_after_all(case)
    if case.sees_api:
        return _not_told(case)
    return _worker_alone(case)


def _told_after_all(case: Case) -> Finding:
    """The event arrived, only its answer did not."""
    last = case.callbacks[-1]
    certain = sentence(
        "certain",
        _("The event had arrived: the API has made the order %(status)s.")
        % {"status": case.belief.value},
        *case.belief.records,
    )
    unknown = sentence(
        "unknown",
        _("The worker cannot know this: to it, a lost event and a lost answer look the same."),
        *last.account,
    )
    return Finding(
        with_status(case, _("the worker was not answered, yet the API knows")),
        (failure(last), certain, unknown, ask_api(case)),
    )


def _not_told(case: Case) -> Finding:
    """Both sides are seen: the work is done, and the order is not decided."""
    last = case.callbacks[-1]
    tell = sentence(
        "settles",
        _("GET /reservations/%(order)s on the worker would tell the API.")
        % {"order": order_of(case)},
    )
    if last.arrivals:
        arrived = sentence(
            "certain",
            _("The event arrived at the API, which did not decide the order by it."),
            *last.arrivals,
            *case.belief.records,
        )
        return Finding(
            with_status(case, _("the work is done, and the API did not take the event")),
            (failure(last), _done(case), arrived, tell),
        )
    unknown = sentence(
        "unknown",
        _(
            "The API cannot know this by itself: it waits for an event, and cannot tell one that"
            " was lost from one that is late or was never sent."
        ),
        *case.belief.records,
    )
    return Finding(
        with_status(case, _("the work is done, and the API was not told")),
        (failure(last), _done(case), unknown, tell),
    )


def _done(case: Case) -> Sentence:
    last = case.callbacks[-1]
    proofs = (*(case.fact.records or last.account), *case.belief.records)
    if case.fact.value == "reserved":
        said = _("The worker has reserved the stock.")
    elif case.fact.value == "rejected":
        said = _("The worker was sold out.")
    else:
        said = _("The worker has dealt with the job.")
    if case.belief.value == "PENDING":
        said += " " + _("Even so, the order is still PENDING at the API.")
    return sentence("certain", said, *proofs)


def _worker_alone(case: Case) -> Finding:
    last = case.callbacks[-1]
    own = case.fact.records or last.account
    if last.error_kind in words.NEVER_SENT:
        certain = _("The worker has done its part, and this event never reached the API.")
    else:
        certain = _("The worker has done its part.")
    return Finding(
        _("The worker has done its part, and holds its callback for failed"),
        (
            failure(last),
            sentence("certain", certain, *own, *last.account),
            sentence("unknown", _worker_cannot_know(last.error_kind), *last.account),
            ask_api(case),
        ),
    )


def _worker_cannot_know(kind: str) -> str:
    if kind == "connect_refused":
        return _(
            "Why it was refused cannot be known from the worker's side alone: a stopped API and a"
            " cut link refuse in the same way."
        )
    if kind in words.NEVER_SENT:
        return _("What the API believes meanwhile cannot be known from the worker's side alone.")
    return _(
        "Whether the event reached the API cannot be known from the worker's side alone: a lost"
        " event, a lost answer, a slow API and a crashed API look the same."
    )
