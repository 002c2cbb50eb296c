"""The adapter from past faults to the evidence's windows: the two rooms can't import each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.windows import FaultWindow
from faults.history import within

if TYPE_CHECKING:
    from datetime import datetime


def windows(first_unix_nano: int, last_unix_nano: int) -> list[FaultWindow]:
    """List the faults in force between two moments."""
    return [
        FaultWindow(
            past.boundary or past.target,
            past.kind,
            _unix_nano(past.started_at),
            None if past.ended_at is None else _unix_nano(past.ended_at),
            past.parameters,
        )
        for past in within(first_unix_nano, last_unix_nano)
    ]


def _unix_nano(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6) * 1_000
