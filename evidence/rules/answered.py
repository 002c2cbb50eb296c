"""Something answered the job, but not with success."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import ask_worker, failure, with_status


def answered(case: Case) -> Finding | None:
    """The last attempt was answered by a refusal, a failure or something unintelligible."""
    if not case.deliveries or case.deliveries[-1].error_kind not in words.ANSWERED:
        return None
    last = case.deliveries[-1]
    sentences = [failure(last), _certain(case)]
    if case.fact.value not in ("reserved", "rejected"):
        sentences.append(_unknown(case))
        sentences.append(ask_worker(case))
    return Finding(with_status(case, _("the job was answered with a failure")), tuple(sentences))


def _certain(case: Case) -> Sentence:
    last = case.deliveries[-1]
    own = case.job_at_worker
    if case.fact.value == "reserved":
        said = _("Even so, the worker has reserved the stock.")
        return sentence("certain", said, *case.fact.records)
    if case.fact.value == "rejected":
        return sentence("certain", _("The worker was sold out."), *case.fact.records)
    if own:
        said = _("The job had arrived: the worker has a record of it, and none of a reservation.")
        return sentence("certain", said, *own[:2])
    said = _("Something answered, so the way there and back was open.")
    return sentence("certain", said, *last.account)


def _unknown(case: Case) -> Sentence:
    last = case.deliveries[-1]
    if case.job_at_worker:
        said = _(
            "The API cannot know how far the worker had come: an answer of failure does not say"
            " what was done before it."
        )
    elif case.seen.everything:
        said = _(
            "Who answered cannot be known: the worker has no record of the job, so something"
            " before it may have answered."
        )
    else:
        said = _(
            "Whether the worker itself answered, and what it had done before, cannot be known from"
            " the API's side alone."
        )
    return sentence("unknown", said, *last.account)
