"""The rule of knowledge: what a side knows at a moment is what it has on record by then.

*Cannot be known* and *certain* are judged here, by each side's own records in its own order of
time. Nothing here knows what a claim means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.model.trace import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence.model.crossing import Crossing
    from evidence.model.trace import Record


@dataclass(frozen=True, slots=True)
class Clue:
    """From ``at`` on, by its own clock, ``side`` has ``records`` that show ``claim``."""

    side: str
    at: int
    claim: str
    records: tuple[Record, ...]


class Knowledge:
    """What each side has on record, in its own order of time."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self._clues = tuple(sorted(clues, key=lambda clue: clue.at))

    def first(self, *claims: str, side: str | None = None, until: int | None = None) -> Clue | None:
        """The first clue to one of ``claims``: any side's, or what ``side`` had by ``until``.

        None means that it cannot be known: no record of that side shows it by then. Clocks of two
        sides can't be compared, so ``until`` is a moment of the clock of ``side``.
        """
        known = (
            clue
            for clue in self._clues
            if clue.claim in claims
            and (side is None or clue.side == side)
            and (until is None or clue.at <= until)
        )
        return next(known, None)


def clues_of(crossing: Crossing, *, arrived: str) -> Iterator[Clue]:
    """Both sides' clues to ``arrived``, the claim that what one call carries has arrived."""
    for arrival in crossing.arrivals:
        yield Clue(crossing.receiver, moment(arrival), arrived, (arrival,))
    if crossing.succeeded and crossing.over_at is not None:
        yield Clue(crossing.sender, crossing.over_at, arrived, crossing.outcome_records)
