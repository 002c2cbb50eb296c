"""A side's history: what holds for it, from which moment on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.model.trace import Record, Trace, ended, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.message import Message
    from telemetry.records import Span


@dataclass(frozen=True, slots=True)
class Change:
    """From ``unix_nano`` on, ``value`` holds for one side; ``records`` prove it."""

    unix_nano: int
    value: str
    message: Message
    records: tuple[Record, ...] = ()


def beginning(trace: Trace, value: str, message: Message) -> Change:
    """Return what holds before any record; the first record's time stands for its moment."""
    return Change(min(map(moment, trace.records), default=0), value, message)


def in_order(first: Change, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Sort what follows ``first``; what only repeats what already holds is left out."""
    kept = [first]
    for change in sorted(changes, key=lambda change: change.unix_nano):
        if change.value != kept[-1].value or not kept[-1].records:
            kept.append(change)
    return tuple(kept)


def ended_well(span: Span) -> bool:
    """Whether a span is known to have ended, and not with an error."""
    return ended(span) and span.status_code != "ERROR"
