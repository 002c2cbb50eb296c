"""How long to gather before the next request: the more comes, the longer. Pure."""

from __future__ import annotations

_LONGEST_PAUSE_SECONDS = 0.5
_WORTH_A_PAUSE = 4


def pause_after(sent: int, *, least_seconds: float, now: float) -> float:
    """Return the seconds to wait after ``sent`` records have gone out together.

    A page sees a single click soon, and a flood costs few requests. The longest pauses end at the
    same moments for all who read the machine's clock, ``now``: what they send is stored together.
    """
    pause = least_seconds * (1 + sent / _WORTH_A_PAUSE)
    longest = max(least_seconds, _LONGEST_PAUSE_SECONDS)
    return pause if pause < longest else longest - now % longest
