"""What the API believes of the order, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from base.message import Message
from boundary.log_messages import (
    LOG_ORDER_ACCEPTED,
    LOG_ORDER_CANCELLED,
    LOG_ORDER_CONFIRMED,
    LOG_ORDER_RECONCILED,
    LOG_ORDER_REJECTED,
    LOG_UNKNOWN_ORDER,
)
from evidence.model.change import Change, beginning, ended_well, in_order
from evidence.model.trace import Record, Trace, log_message, moment, service, text
from evidence.orders import words

if TYPE_CHECKING:
    from evidence.model.perspective import Seen
    from telemetry.records import LogRecord

Belief: TypeAlias = Literal["unknown", "PENDING", "CONFIRMED", "REJECTED", "CANCELLED"]

_BY_LOG: dict[str, tuple[Belief, Message]] = {
    LOG_ORDER_CONFIRMED: ("CONFIRMED", Message("belief.confirmed")),
    LOG_ORDER_REJECTED: ("REJECTED", Message("belief.rejected")),
    LOG_ORDER_CANCELLED: ("CANCELLED", Message("belief.cancelled")),
    LOG_UNKNOWN_ORDER: ("unknown", Message("belief.unknown_order")),
}
# The status that reconciliation has fetched stands on its log line.
_BY_STATUS = {
    "CONFIRMED": _BY_LOG[LOG_ORDER_CONFIRMED],
    "REJECTED": _BY_LOG[LOG_ORDER_REJECTED],
}
_BY_SPAN = {
    words.SPAN_CONFIRM: _BY_LOG[LOG_ORDER_CONFIRMED],
    words.SPAN_REJECT: _BY_LOG[LOG_ORDER_REJECTED],
}


def beliefs(seen: Seen) -> tuple[Change, ...]:
    """What the API believes of the order, from the beginning on."""
    trace = seen.trace
    if not seen.sees(words.API):
        return (beginning(trace, "unknown", Message("side.hidden")),)
    changes = [_pending(record) for record in _acceptances(trace)[:1]]
    changes += [change for log in trace.logs if (change := _by_log(log)) is not None]
    if not any(change.value in words.DECIDED for change in changes):
        changes += _decided_by_span(trace)
    return in_order(beginning(trace, "unknown", Message("belief.no_order")), changes)


def _acceptances(trace: Trace) -> list[Record]:
    """The records that show the order as accepted: the log line, else the span around it."""
    logs: list[Record] = [
        log for log in trace.logs_with_message(LOG_ORDER_ACCEPTED) if service(log) == words.API
    ]
    spans: list[Record] = [span for span in trace.named(words.SPAN_PLACE) if ended_well(span)]
    return logs or spans


def _pending(record: Record) -> Change:
    return Change(moment(record), "PENDING", Message("belief.pending"), (record,))


def _by_log(log: LogRecord) -> Change | None:
    if service(log) != words.API:
        return None
    reconciled = log_message(log) == LOG_ORDER_RECONCILED
    known = _BY_STATUS.get(text(log, "status")) if reconciled else _BY_LOG.get(log_message(log))
    return Change(moment(log), *known, (log,)) if known is not None else None


def _decided_by_span(trace: Trace) -> list[Change]:
    """Decisions whose log line is missing; a span with any log of its own is read by that."""
    return [
        Change(span.end_time_unix_nano, value, message, (span,))
        for name, (value, message) in _BY_SPAN.items()
        for span in trace.named(name)
        if service(span) == words.API and ended_well(span) and not trace.logs_of(span)
    ]
