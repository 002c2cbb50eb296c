"""Signs that two services' clocks disagree: an effect before its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.trace import NANOS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.crossings import Crossing

# Clocks of one machine are read a little apart; below this, nothing is said.
_TOLERANCE = 2 * NANOS_PER_MS


def disagreement_ms(crossing: Crossing) -> int:
    """The least by which the clocks of sender and receiver must disagree, in milliseconds."""
    sent, over = crossing.sent, crossing.over
    if sent is None or not crossing.arrivals:
        return 0
    gaps = [sent - arrival.start_time_unix_nano for arrival in crossing.arrivals]
    if crossing.succeeded and over is not None and len(crossing.arrivals) == 1:
        gaps.append(crossing.arrivals[0].end_time_unix_nano - over)
    worst = max(gaps)
    return round(worst / NANOS_PER_MS) if worst > _TOLERANCE else 0


def clocks_disagree(crossing: Crossing) -> bool:
    """Whether times of sender and receiver can't be compared."""
    return disagreement_ms(crossing) > 0


def worst_disagreement(crossings: Iterable[Crossing]) -> Crossing | None:
    """The crossing that shows the greatest disagreement, if any does."""
    worst = max(crossings, key=disagreement_ms, default=None)
    return worst if worst is not None and clocks_disagree(worst) else None
