"""Spans without an end: a process that died in the middle, or work that still goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message, Parameter
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import service
from evidence.orders import words
from evidence.orders.known import JOB_ARRIVED
from evidence.orders.rules.phrases import ask_api, ask_worker, failure, service_name, with_status
from telemetry.conventions.call_names import call_name

if TYPE_CHECKING:
    from evidence.model.trace import Record
    from evidence.orders.case import Case
    from telemetry.records import Span

_DONE = {"released": "cancelled.released", "rejected": "worker.sold_out"}


def crashed(case: Case) -> Finding | None:
    """A process is known to be gone, and a span of its own never ended."""
    span = _innermost(case, "abandoned")
    if span is None:
        return None
    failed = case.deliveries[-1:] if case.deliveries and case.deliveries[-1].failed else ()
    headline = Message("crashed.headline", {"service": service_name(service(span))})
    return Finding(
        with_status(case, headline),
        (
            *map(failure, failed),
            sentence("fact", Message("crashed.in_the_middle", _named(span)), span),
            _left_open(case, span),
            _settles(case, span),
        ),
    )


def running(case: Case) -> Finding | None:
    """Something still goes on: no call has failed yet, or the API is trying once more."""
    span = _innermost(case, "open")
    failed = [crossing for crossing in case.crossings if crossing.failed]
    if span is None or (failed and not _is_trying(case)):
        return None
    return Finding(
        with_status(case, Message("running.headline")),
        (
            *map(failure, failed[-1:]),
            sentence("fact", Message("running.not_ended", _named(span)), span),
            sentence("unknown", Message("running.end_unknown"), span),
            sentence("settles", Message("running.settles"), span),
        ),
    )


def _is_trying(case: Case) -> bool:
    last = case.deliveries[-1] if case.deliveries else None
    return last is not None and bool(last.sender_records) and last.over_at is None


def _innermost(case: Case, state: str) -> Span | None:
    """The span of this state that began last: the work that was going on."""
    spans = [span for span in case.trace.spans if span.state == state]
    return spans[-1] if spans else None


def _named(span: Span) -> dict[str, Parameter]:
    return {"service": service_name(service(span)), "span": call_name(span)}


def _left_open(case: Case, span: Span) -> Sentence:
    """What was done before the process ended, as far as it is on record."""
    if service(span) == words.WORKER:
        if case.fact.value == "reserved":
            before = all(_same_process(span, record) for record in case.fact.records)
            code = "crashed.reserved_before" if before else "crashed.reserved"
            return sentence("certain", Message(code), *case.fact.records)
        if case.fact.value in _DONE:
            return sentence("certain", Message(_DONE[case.fact.value]), *case.fact.records)
        return sentence("unknown", Message("crashed.reservation_unknown"), span)
    if service(span) == words.API and case.is_order:
        arrived = case.known.first(JOB_ARRIVED)
        if arrived is not None:
            return sentence("certain", Message("crashed.job_had_arrived"), *arrived.records)
        return sentence("unknown", Message("crashed.job_unknown"), span)
    return sentence("unknown", Message("crashed.work_unknown"), span)


def _same_process(span: Span, record: Record) -> bool:
    """Whether the process that had this span open made a record: it did so before it ended."""
    if service(record) != service(span):
        return False
    return record.resource.service_instance_id == span.resource.service_instance_id


def _settles(case: Case, span: Span) -> Sentence:
    if service(span) == words.WORKER:
        return ask_worker(case)
    if service(span) == words.API:
        return ask_api(case)
    return sentence("settles", Message("crashed.settles"))
