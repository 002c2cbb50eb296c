"""What the worker has done for the order, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from base.message import Message
from boundary.log_messages import (
    LOG_EVENT_RECEIVED,
    LOG_JOB_ACCEPTED,
    LOG_JOB_CANCELLED,
    LOG_JOB_NOT_BEGUN,
    LOG_STOCK_REJECTED,
    LOG_STOCK_RELEASED,
    LOG_STOCK_RESERVED,
)
from evidence.model.change import Change, beginning, ended_well, in_order
from evidence.model.trace import Record, Trace, log_message, moment, service, text
from evidence.orders import words
from telemetry.records import LogRecord

if TYPE_CHECKING:
    from evidence.model.perspective import Seen
    from telemetry.records import Span

Fact: TypeAlias = Literal[
    "unknown", "nothing", "accepted", "declined", "rejected", "reserved", "released"
]

DONE: frozenset[Fact] = frozenset({"rejected", "reserved", "released"})
"""Facts of a job that was done: what the worker had to find out is found out."""

_RESERVED: tuple[Fact, Message] = ("reserved", Message("fact.reserved"))
_REJECTED: tuple[Fact, Message] = ("rejected", Message("fact.rejected"))
_BY_LOG: dict[str, tuple[Fact, Message]] = {
    LOG_JOB_ACCEPTED: ("accepted", Message("fact.accepted")),
    LOG_STOCK_RESERVED: _RESERVED,
    LOG_STOCK_REJECTED: _REJECTED,
    LOG_JOB_NOT_BEGUN: ("declined", Message("fact.not_begun")),
    LOG_JOB_CANCELLED: ("declined", Message("fact.cancelled_before")),
    LOG_STOCK_RELEASED: ("released", Message("fact.released")),
}
_BY_RESERVATION = {"RESERVED": _RESERVED, "REJECTED": _REJECTED}
_BY_EVENT: dict[str, tuple[Fact, Message]] = {
    words.EVENT_RESERVED: ("reserved", Message("fact.reserved_by_event")),
    words.EVENT_REJECTED: ("rejected", Message("fact.rejected_by_event")),
}
# A second delivery that finds the stock sold out does not undo the first one's reservation.
_RANK = {"accepted": 0, "declined": 1, "rejected": 2, "reserved": 3, "released": 4}


def facts(seen: Seen) -> tuple[Change, ...]:
    """What the worker has done for the order, as far as ``seen`` shows, from the beginning on."""
    trace = seen.trace
    first = beginning(trace, "unknown", Message("side.hidden"))
    changes: list[Change] = []
    if seen.sees(words.WORKER):
        first = beginning(trace, "nothing", Message("fact.nothing"))
        changes = _by_own_records(trace)
    if not any(change.value in DONE for change in changes):
        # Where the worker's own records are not to be had, its event stands for them.
        changes += _by_events(trace)
    return in_order(first, changes)


def reservations(trace: Trace) -> tuple[Record, ...]:
    """One record for each time that the worker reserved stock: its log lines, else its spans."""
    logs = trace.logs_with_message(LOG_STOCK_RESERVED)
    own = [log for log in logs if service(log) == words.WORKER]
    spans = [span for span in trace.named(words.SPAN_RESERVE) if _reservation(span) == "RESERVED"]
    return tuple(own) or tuple(spans)


def _by_own_records(trace: Trace) -> list[Change]:
    """What the worker's own records show; a later, lesser outcome changes nothing."""
    own = (record for record in trace.records if service(record) == words.WORKER)
    changes = [change for record in own if (change := _by_own_record(record)) is not None]
    found: list[Change] = []
    for change in sorted(changes, key=lambda change: change.unix_nano):
        if all(_RANK[change.value] > _RANK[before.value] for before in found):
            found.append(change)
    return found


def _by_own_record(record: Record) -> Change | None:
    if isinstance(record, LogRecord):
        at, known = moment(record), _BY_LOG.get(log_message(record))
    else:
        at, known = record.end_time_unix_nano, _BY_RESERVATION.get(_reservation(record))
    return Change(at, *known, (record,)) if known is not None else None


def _reservation(span: Span) -> str:
    """The outcome of a span around a reservation; its end comes after the commit."""
    if span.name != words.SPAN_RESERVE or not ended_well(span):
        return ""
    return text(span, "lab.reservation")


def _by_events(trace: Trace) -> list[Change]:
    """What the worker's events report, as the API logged them."""
    return [
        Change(moment(log), *known, (log,))
        for log in trace.logs_with_message(LOG_EVENT_RECEIVED)
        if (known := _BY_EVENT.get(text(log, "eventType", "type"))) is not None
    ]
