"""Spans without an end: a process that died in the middle, or work that still goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import ask_api, ask_worker, failure, service_name, with_status
from evidence.trace import service

if TYPE_CHECKING:
    from telemetry.records import Span


def crashed(case: Case) -> Finding | None:
    """A process is known to be gone, and a span of its own never ended."""
    span = _innermost(case, "abandoned")
    if span is None:
        return None
    name = service_name(service(span))
    ended = sentence(
        "fact",
        _("The process of %(service)s ended in the middle of %(span)s.")
        % {"service": name, "span": span.name},
        span,
    )
    failures = [failure(case.deliveries[-1])] if _delivery_failed(case) else []
    headline = _("the process of %(service)s ended in the middle of its work") % {"service": name}
    return Finding(
        with_status(case, headline),
        (*failures, ended, *_left_open(case, span), _settles(span, case)),
    )


def running(case: Case) -> Finding | None:
    """Something still goes on, and no call has failed yet."""
    span = _innermost(case, "open")
    if span is None or any(crossing.failed for crossing in case.crossings):
        return None
    name = service_name(service(span))
    fact = sentence(
        "fact",
        _("%(span)s of %(service)s has begun and has not ended yet.")
        % {"span": span.name, "service": name},
        span,
    )
    unknown = sentence("unknown", _("How it will end cannot be known yet."), span)
    settles = sentence("settles", _("Its end will settle it, or the deadline of its caller."), span)
    return Finding(with_status(case, _("still under way")), (fact, unknown, settles))


def _innermost(case: Case, state: str) -> Span | None:
    """The span of this state that began last: the work that was going on."""
    spans = [span for span in case.trace.spans if span.state == state]
    return spans[-1] if spans else None


def _delivery_failed(case: Case) -> bool:
    return bool(case.deliveries) and case.deliveries[-1].failed


def _left_open(case: Case, span: Span) -> tuple[Sentence, ...]:
    """What was done before the process ended, as far as it is on record."""
    if service(span) == words.WORKER:
        return (_left_by_worker(case, span),)
    if service(span) == words.API and case.is_order:
        said = _(
            "Whether the API had sent the job before it ended cannot be known from its records."
        )
        if case.fact.value not in ("unknown", "nothing"):
            said = _("The job had reached the worker before the API ended.")
            return (sentence("certain", said, *case.fact.records),)
        return (sentence("unknown", said, span),)
    return (
        sentence("unknown", _("What it had done by then cannot be known from its records."), span),
    )


def _left_by_worker(case: Case, span: Span) -> Sentence:
    if case.fact.value == "reserved":
        said = _("The stock had been reserved before that.")
        return sentence("certain", said, *case.fact.records)
    said = _("Whether the stock was reserved before that cannot be known from these records.")
    return sentence("unknown", said, span)


def _settles(span: Span, case: Case) -> Sentence:
    if service(span) == words.WORKER:
        return ask_worker(case)
    if service(span) == words.API:
        return ask_api(case)
    return sentence(
        "settles", _("The logs of that process, or what it has stored, would settle it.")
    )
