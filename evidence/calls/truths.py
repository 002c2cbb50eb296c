"""The caller of one call beside its callee, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.change import Change
from evidence.model.moment import Moment
from evidence.model.proof import proofs_of
from evidence.model.trace import ended, log_message, moment
from telemetry.conventions.errors import has_failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from telemetry.records import LogRecord, Span

_WORKED = frozenset({"at work", "done"})
_FAILED = frozenset({"gave up", "failed"})
_MOST_LOGGED = 20
_LONGEST = 200


def subject(case: Case) -> Call | None:
    """The call that the diagnosis is about: the first that failed, else the longest one."""
    of_a_caller = [call for call in case.calls if call.client is not None]
    failed = [call for call in case.troubled if call.client is not None]
    longest = max(of_a_caller, key=lambda call: call.took_ms or 0, default=None)
    return failed[0] if failed else longest


def truths(call: Call, *, is_hidden: bool, logs: Sequence[LogRecord] = ()) -> tuple[Moment, ...]:
    """Set both sides of a call side by side; ``is_hidden`` when its callee can't be seen.

    ``logs`` is what a callee without a span has logged meanwhile.
    """
    caller, callee = _of_caller(call), _of_callee(call, logs, is_hidden=is_hidden)
    found = []
    for at in sorted({change.unix_nano for change in (*caller, *callee)}):
        first, second = _at(caller, at), _at(callee, at)
        differ = first.value in _FAILED and second.value in _WORKED
        proofs = proofs_of((*first.records, *second.records))
        found.append(Moment(at, first, second, differ, proofs))
    return tuple(found)


def _of_caller(call: Call) -> list[Change]:
    records = call.caller_records
    sent = call.sent_at if call.sent_at is not None else call.began_at
    changes = [Change(sent, "waits", Message("truth.waits"), records)]
    if call.is_message:
        changes = [Change(sent, "hands over", Message("truth.hands_over"), records)]
    if call.over_at is None:
        return changes
    value, code = "failed", "truth.failed"
    if call.failure is None:
        value = "handed over" if call.is_message else "answered"
        code = f"truth.{value.replace(' ', '_')}"
    elif call.gave_up and not call.code_of_both:
        value, code = "gave up", "truth.gave_up"
    return [*changes, Change(call.over_at, value, Message(code), records)]


def _of_callee(call: Call, logs: Sequence[LogRecord], *, is_hidden: bool) -> list[Change]:
    none = Message("side.hidden" if is_hidden else "truth.nothing")
    first = Change(call.began_at, "unknown" if is_hidden else "nothing", none)
    if not call.takers:
        return [first, *map(_logged, logs[:_MOST_LOGGED])]
    arrival = call.takers[0]
    records = (arrival,) if call.arrivals else call.caller_records
    changes = [Change(moment(arrival), "at work", Message("truth.at_work"), records)]
    if ended(arrival):
        changes.append(_end(call, arrival))
    return [first, *changes]


def _logged(log: LogRecord) -> Change:
    text = log_message(log)[:_LONGEST]
    return Change(moment(log), "logged", Message("truth.logged", {"text": text}), (log,))


def _end(call: Call, arrival: Span) -> Change:
    value = "failed" if has_failed(arrival) else "done"
    message = Message("truth.failed" if value == "failed" else "truth.done")
    records = (arrival, *call.last_work[:1]) if call.arrivals else call.caller_records
    return Change(call.worked_until(arrival), value, message, records)


def _at(changes: list[Change], at: int) -> Change:
    return [changes[0], *(change for change in changes if change.unix_nano <= at)][-1]
