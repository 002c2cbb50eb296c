"""Whether a trace carries an order of the lab: by what its records say, not by who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundary import log_messages
from evidence.model.trace import log_message, service, text
from evidence.orders import words
from telemetry.records import Span

if TYPE_CHECKING:
    from evidence.model.trace import Record, Trace

_SPANS = frozenset(
    {
        *words.SENDING_SPANS,
        *(words.SPAN_PLACE, words.SPAN_RESERVE, words.SPAN_CONFIRM, words.SPAN_REJECT),
        words.SPAN_CANCEL,
    }
)
_ENDPOINTS = frozenset(words.REQUESTS.values())
_MESSAGES = frozenset(
    value for name, value in vars(log_messages).items() if name.startswith("LOG_")
)


def carries_order(trace: Trace) -> bool:
    """Whether any record is one that the lab's own services make of an order.

    Those carry a requestId, and are named as the contract names them: a log of another system that
    happens to say "order confirmed" is none. What other programs print in the contract's words is
    no order of the lab either: their spans tell them apart. Where another program takes the part of
    one of the services, the orders' rules would read what it does not write.
    """
    if any(_is_anothers(span) for span in trace.spans):
        return False
    if any(_is_of_an_order(span) for span in trace.spans):
        return True
    return not trace.spans and any(_is_of_an_order(record) for record in trace.records)


def _is_anothers(span: Span) -> bool:
    """Whether a program other than the lab's was called by the name of one of its services."""
    is_called = span.kind == "SERVER" and service(span) in (words.API, words.WORKER)
    return is_called and not text(span, "request.id", "requestId")


def _is_of_an_order(record: Record) -> bool:
    if not text(record, "request.id", "requestId"):
        return False
    if not isinstance(record, Span):
        return log_message(record) in _MESSAGES
    if text(record, "lab.action"):
        # The lab's client sends any system's requests, under the same boundary.
        return False
    if record.name in _SPANS or text(record, "lab.boundary") in words.ENDS:
        return True
    return record.kind == "SERVER" and record.name in _ENDPOINTS
