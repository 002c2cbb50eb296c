"""The call was answered, and the answer says that it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.calls.rules.phrases import (
    LONGEST,
    ends,
    failed,
    faults,
    how,
    inner_failures,
    logs_of_callee,
    settled_by_records,
)
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import ended
from telemetry.conventions.errors import grpc_code
from telemetry.conventions.names import http_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from telemetry.records import Span


def answered(case: Case, call: Call) -> Finding | None:
    """An answer of 4xx or 5xx, or gRPC's codes that nothing but an answer brings."""
    if not call.answered_badly:
        return None
    if call.has_error_of_database and call.failure is not None:
        return _by_database(case, call, call.failure.text[:LONGEST])
    headline = Message("calls.answered_headline", {**ends(call), "how": how(call)})
    return Finding(headline, (failed(call), *_who(call), *faults(case, call), *_before(case, call)))


def _by_database(case: Case, call: Call, text: str) -> Finding:
    """An error of a database's own: a constraint, a syntax error, a statement that it ended."""
    named, own = ends(call), call.caller_records
    says = (sentence("fact", Message("calls.error_says", {**named, "text": text}), *own),)
    certain = sentence("certain", Message("calls.error_answered", named), *own)
    sentences = (failed(call), *(says if text else ()), certain, *faults(case, call))
    return Finding(
        Message("calls.error_answered_headline", named), (*sentences, *_before(case, call))
    )


def _who(call: Call) -> Iterator[Sentence]:
    """Who answered, in so far as the callee's records show it."""
    named = {**ends(call), "status": call.status}
    if not call.arrivals:
        yield sentence("certain", Message("calls.answered", named), *call.caller_records)
        return
    last = call.arrivals[-1]
    proofs = (*call.caller_records, last)
    own = _status(last)
    if own == call.status:
        yield sentence("certain", Message("calls.answered_itself", named), *proofs)
        return
    yield sentence("certain", Message("calls.arrived_and_answered", named), *proofs)
    if own and ended(last):
        differing = {**named, "own": own}
        yield sentence("fact", Message("calls.answered_otherwise", differing), *proofs)


def _before(case: Case, call: Call) -> Iterator[Sentence]:
    """What the callee did before it answered."""
    if call.arrivals:
        yield from inner_failures(case, call)
        return
    logs = logs_of_callee(case, call)
    yield from logs
    code = "calls.before_unknown_but_logs" if logs else "calls.before_unknown"
    yield sentence("unknown", Message(code, ends(call)), *call.caller_records)
    yield settled_by_records(call)


def _status(span: Span) -> str:
    status = http_status(span)
    return str(status) if status else grpc_code(span)
