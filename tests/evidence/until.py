"""What had happened of a history by a moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.evidence.story import at

if TYPE_CHECKING:
    from tests.evidence.history import Attempt, History


def until(history: History, ms: float) -> History:
    """The history as far as it had gone by then."""
    written = {log.body for log in history.story.logs if log.time_unix_nano <= at(ms)}
    decided = history.decided_at is not None and history.decided_at <= ms
    ends = zip(history.callbacks, history.quiet_after, strict=True)
    return replace(
        history,
        attempts=[_attempt(each, ms) for each in history.attempts if each.start <= ms],
        reserved_at=_by(history.reserved_at, ms),
        rejected_at=_by(history.rejected_at, ms),
        callbacks=[kind if end <= ms else "under way" for kind, end in ends],
        events=_by(history.events, ms),
        decided_at=history.decided_at if decided else None,
        status=history.status if decided else "PENDING",
        asked=history.asked and decided,
        not_begun="job not begun: its deadline has passed" in written,
        crashes=_by(history.crashes, ms),
        died_at=next(iter(_by([history.died_at], ms)), None) if history.died_at else None,
        released="stock released" in written,
    )


def _attempt(attempt: Attempt, ms: float) -> Attempt:
    """One that had not ended left as much open as one whose process died."""
    return replace(
        attempt,
        kind=attempt.kind if attempt.end <= ms else "died",
        arrivals=_by(attempt.arrivals, ms),
        answered_at=_by(attempt.answered_at, ms),
    )


def _by(moments: list[float], ms: float) -> list[float]:
    return [each for each in moments if each <= ms]
