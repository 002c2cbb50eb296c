"""How long a call may still take, told to whoever is called.

As milliseconds that are left, not as a moment: the clocks of two machines need not agree, and a
moment by a clock that is five seconds ahead would be over before it came. What the way takes is
not counted, so that the called side may think that it has a little longer than it has.
"""

from __future__ import annotations

HEADER = "X-Envoy-Expected-Rq-Timeout-Ms"
"""Envoy's header for it: the milliseconds in which the caller expects the call to be over."""

MAX_MS = 600_000


class BadTimeLeftError(ValueError):
    """What a caller sent is no number of milliseconds; the text says so."""


def read(text: str | None) -> int | None:
    """Read the header's value; None when the caller set no deadline.

    :raises BadTimeLeftError: it is not a whole number from 0 to 600,000.
    """
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(MAX_MS)):
        raise BadTimeLeftError(f"{HEADER} must be a whole number from 0 to {MAX_MS}")
    value = int(text)
    if value > MAX_MS:
        raise BadTimeLeftError(f"{HEADER} must be a whole number from 0 to {MAX_MS}")
    return value
