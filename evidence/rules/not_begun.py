"""The job reached the worker when nobody awaited it any more, and was not begun."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, sentence
from evidence.rules.phrases import ask_worker, failure, milliseconds, with_status
from evidence.trace import number


def not_begun(case: Case) -> Finding | None:
    """The worker says that the deadline of its caller had passed, and did nothing."""
    said = case.trace.said(words.SAID_NOT_BEGUN)
    if not said or case.fact.value != "declined" or case.belief.value in words.DECIDED:
        return None
    log = said[-1]
    certain = sentence(
        "certain",
        _(
            "The job reached the worker, but its deadline had passed %(late)s ms before it could"
            " be begun: nobody awaited it any more, and the worker reserved nothing."
        )
        % {"late": milliseconds(number(log, "lateMs"))},
        log,
        *case.belief.records,
    )
    failures = [failure(each) for each in case.deliveries[-1:] if each.failed]
    unknown = sentence(
        "unknown",
        _(
            "The API cannot know this by itself: a worker that did nothing and one that did the job"
            " too late to say so look the same."
        ),
        *(record for each in case.deliveries[-1:] for record in each.account),
    )
    return Finding(
        with_status(case, _("the worker did not begin a job that nobody awaited any more")),
        (*failures, certain, unknown, ask_worker(case)),
    )
