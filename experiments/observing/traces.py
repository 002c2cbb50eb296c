"""What the records of one request of an action say, as the lab's observer reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from experiments.texts import plain

if TYPE_CHECKING:
    from base.lab import Lab
    from experiments.checker.history import Operation

NONE = "none"
"""The errorKind of what did not fail; an experiment's file may expect it."""


def kind_message(kind: str) -> Message:
    """Put an errorKind into a message: its name, but for `NONE`."""
    return Message("value.no_error") if kind == NONE else plain(kind)


def call_message(kind: str) -> Message:
    """Put the errorKind of a call into a message: its name, but for `NONE`."""
    return Message("value.no_call") if kind == NONE else plain(kind)


def headline_message(headline: str) -> Message:
    """Put the headline of an explanation into a message; empty when there is none yet."""
    return plain(headline) if headline else Message("value.not_explained")


def has_records(lab: Lab, operation: Operation, service: str) -> bool:
    """Whether ``service`` has a span or a log record of a request."""
    if not operation.trace_id:
        return False
    kept = [*lab.spans(operation.trace_id), *lab.trace_logs(operation.trace_id)]
    return any(each["service"] == service for each in kept)


def failure_of(lab: Lab, operation: Operation, service: str) -> str:
    """Return the errorKind of the first call of ``service`` that failed, or `NONE`."""
    found = lab.evidence(operation.trace_id) if operation.trace_id else None
    kinds = (
        each["errorKind"]
        for each in (found["messages"] if found else ())
        if each["kind"] == "request" and each["from"] == service and each["errorKind"]
    )
    return next(kinds, NONE)


def headline(lab: Lab, operation: Operation) -> str:
    """Return the headline of a request's explanation in English, empty when there is none yet."""
    found = lab.evidence(operation.trace_id) if operation.trace_id else None
    return str(found["diagnosis"]["headline"]) if found else ""
