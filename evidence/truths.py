"""What the API believes beside what the worker has done, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.utils.translation import gettext as _

from evidence import words
from evidence.proof import Proof, proofs_of
from evidence.trace import Record, ended, message, moment, service, text
from telemetry.records import LogRecord, Span

if TYPE_CHECKING:
    from evidence.perspective import Seen
    from evidence.trace import Trace

Belief: TypeAlias = Literal["unknown", "PENDING", "CONFIRMED", "REJECTED", "CANCELLED"]
Fact: TypeAlias = Literal[
    "unknown", "nothing", "accepted", "declined", "rejected", "reserved", "released"
]

_AGREE = {
    ("CONFIRMED", "reserved"),
    ("REJECTED", "rejected"),
    ("CANCELLED", "rejected"),
    ("CANCELLED", "released"),
}
# A second delivery that finds the stock sold out does not undo the first one's reservation.
_RANK = {"accepted": 0, "declined": 1, "rejected": 2, "reserved": 3, "released": 4}


@dataclass(frozen=True, slots=True)
class Change:
    """From ``unix_nano`` on, ``value`` holds for one side; ``records`` prove it."""

    unix_nano: int
    value: str
    text: str
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Both sides from one moment to the next, and whether they contradict each other."""

    unix_nano: int
    api: Change
    worker: Change
    differ: bool
    proofs: tuple[Proof, ...]


def truths(seen: Seen) -> tuple[Moment, ...]:
    """Set both sides' histories side by side; empty for a trace that is no order's."""
    believed, done = beliefs(seen), facts(seen)
    if len(believed) == len(done) == 1:
        return ()
    found = []
    for at in sorted({change.unix_nano for change in (*believed, *done)}):
        api, worker = _at(believed, at), _at(done, at)
        found.append(
            Moment(
                at,
                api,
                worker,
                contradict(api, worker),
                proofs_of((*api.records, *worker.records)),
            )
        )
    return tuple(found)


def beliefs(seen: Seen) -> tuple[Change, ...]:
    """What the API believes of the order, from the beginning on."""
    trace = seen.trace
    changes = [_first_belief(seen)]
    if not seen.sees(words.API):
        return tuple(changes)
    changes += [_pending(record) for record in _acceptances(trace)[:1]]
    for log in trace.logs:
        change = _belief_in(log) if service(log) == words.API else None
        if change is not None:
            changes.append(change)
    if not any(change.value in words.DECIDED for change in changes):
        changes += _decided_by_span(trace)
    return _in_order(changes)


def facts(seen: Seen) -> tuple[Change, ...]:
    """What the worker has done for the order, as far as ``seen`` shows, from the beginning on."""
    trace = seen.trace
    changes = [_first_fact(seen)]
    if seen.sees(words.WORKER):
        changes += _deeds(trace)
    if not any(change.value in ("reserved", "rejected", "released") for change in changes):
        # Where the worker's own records are not to be had, its event speaks for it.
        changes += [_told(log) for log in trace.said(words.SAID_EVENT) if _told_value(log)]
    return _in_order(changes)


def reservations(trace: Trace) -> tuple[Record, ...]:
    """One record for each time that the worker reserved stock: its log lines, else its spans."""
    logs = [log for log in trace.said(words.SAID_RESERVED) if service(log) == words.WORKER]
    spans = [span for span in trace.named(words.SPAN_RESERVE) if _reserved_by(span) == "RESERVED"]
    return tuple(logs) or tuple(spans)


def _deeds(trace: Trace) -> list[Change]:
    """What the worker's own records say that it did; a later, lesser deed changes nothing."""
    own = (record for record in trace.records if service(record) == words.WORKER)
    told = [change for record in own if (change := _deed_in(record)) is not None]
    found: list[Change] = []
    for change in sorted(told, key=lambda change: change.unix_nano):
        done = [_RANK[before.value] for before in found]
        if not done or _RANK[change.value] > max(done):
            found.append(change)
    return found


def _deed_in(record: Record) -> Change | None:
    said = message(record) if isinstance(record, LogRecord) else _reserved_by(record)
    at = moment(record) if isinstance(record, LogRecord) else record.end_time_unix_nano
    if said == words.SAID_JOB:
        return Change(at, "accepted", _("has the job, has reserved nothing yet"), (record,))
    if said in (words.SAID_RESERVED, "RESERVED"):
        return Change(at, "reserved", _("has reserved the stock"), (record,))
    if said in (words.SAID_SOLD_OUT, "REJECTED"):
        return Change(at, "rejected", _("is sold out, has reserved nothing"), (record,))
    return _undone_in(record, said, at)


def _undone_in(record: Record, said: str, at: int) -> Change | None:
    if said == words.SAID_NOT_BEGUN:
        text_ = _("has not begun the job: its deadline had passed")
        return Change(at, "declined", text_, (record,))
    if said == words.SAID_JOB_CANCELLED:
        text_ = _("has reserved nothing: the order was cancelled before")
        return Change(at, "declined", text_, (record,))
    if said == words.SAID_RELEASED:
        return Change(at, "released", _("has released the stock again"), (record,))
    return None


def _reserved_by(span: Span) -> str:
    """What a span around a reservation came to; its end comes after the commit."""
    if span.name != words.SPAN_RESERVE or not ended(span) or span.status_code == "ERROR":
        return ""
    return text(span, "lab.reservation")


def _told(log: LogRecord) -> Change:
    value = _told_value(log)
    words_ = (
        _("has reserved the stock, as its event says")
        if value == "reserved"
        else _("is sold out, as its event says")
    )
    return Change(moment(log), value, words_, (log,))


def _told_value(log: LogRecord) -> str:
    kind = text(log, "eventType", "type")
    return {words.EVENT_RESERVED: "reserved", words.EVENT_REJECTED: "rejected"}.get(kind, "")


def _first_belief(seen: Seen) -> Change:
    if seen.sees(words.API):
        return Change(_beginning(seen.trace), "unknown", _("does not know the order"))
    return Change(_beginning(seen.trace), "unknown", _("cannot be known from this side"))


def _first_fact(seen: Seen) -> Change:
    if seen.sees(words.WORKER):
        return Change(_beginning(seen.trace), "nothing", _("has nothing on record"))
    return Change(_beginning(seen.trace), "unknown", _("cannot be known from this side"))


def _acceptances(trace: Trace) -> list[Record]:
    """The records that show the order as accepted: the log line, else the span around it."""
    logs: list[Record] = [
        log for log in trace.said(words.SAID_ACCEPTED) if service(log) == words.API
    ]
    spans: list[Record] = [
        span
        for span in trace.named(words.SPAN_PLACE)
        if ended(span) and span.status_code != "ERROR"
    ]
    return logs or spans


def _pending(record: Record) -> Change:
    return Change(moment(record), "PENDING", _("accepted, waits for the worker"), (record,))


def _belief_in(log: LogRecord) -> Change | None:
    said = message(log)
    if said == words.SAID_CONFIRMED:
        return Change(moment(log), "CONFIRMED", _("was told that the stock is reserved"), (log,))
    if said == words.SAID_REJECTED:
        return Change(moment(log), "REJECTED", _("was told that it is sold out"), (log,))
    if said == words.SAID_CANCELLED:
        return Change(moment(log), "CANCELLED", _("has cancelled the order"), (log,))
    if said == words.SAID_UNKNOWN_ORDER:
        return Change(moment(log), "unknown", _("says that it does not know the order"), (log,))
    return None


def _decided_by_span(trace: Trace) -> list[Change]:
    """Decisions whose log line is missing; a span with any log of its own is read by that."""
    found = []
    for name, value, said in (
        (words.SPAN_CONFIRM, "CONFIRMED", _("was told that the stock is reserved")),
        (words.SPAN_REJECT, "REJECTED", _("was told that it is sold out")),
    ):
        found += [
            Change(span.end_time_unix_nano, value, said, (span,))
            for span in trace.named(name)
            if _is_sound(span) and not trace.logs_of(span)
        ]
    return found


def _is_sound(span: Span) -> bool:
    return service(span) == words.API and ended(span) and span.status_code != "ERROR"


def _in_order(changes: list[Change]) -> tuple[Change, ...]:
    """Sort what follows the beginning; what only says again what already holds is left out."""
    kept = changes[:1]
    for change in sorted(changes[1:], key=lambda change: change.unix_nano):
        if change.value != kept[-1].value or not kept[-1].records:
            kept.append(change)
    return tuple(kept)


def _beginning(trace: Trace) -> int:
    return min((moment(record) for record in trace.records), default=0)


def _at(changes: tuple[Change, ...], at: int) -> Change:
    return [changes[0], *(change for change in changes if change.unix_nano <= at)][-1]


def contradict(api: Change, worker: Change) -> bool:
    """Whether the two sides contradict each other; not knowing contradicts nothing."""
    if worker.value not in ("reserved", "rejected", "released"):
        return False
    if api.value == "unknown":
        return bool(api.records)
    return (api.value, worker.value) not in _AGREE
