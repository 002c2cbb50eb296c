"""How long a call may still take, sent along with it.

As milliseconds that are left, not as a moment: the clocks of two machines need not agree, and a
moment by a clock that is five seconds ahead would be over before it came. What the way takes is
not counted, so that the called side may think that it has a little longer than it has.
"""

from __future__ import annotations

from base.numbers import whole_number
from boundary.errors import BadTimeLeftError

HEADER = "X-Envoy-Expected-Rq-Timeout-Ms"
"""Envoy's header for it: the milliseconds in which the caller expects the call to be over."""

MAX_MS = 600_000


def read(text: str | None) -> int | None:
    """Read the header's value; None when the caller set no deadline.

    :raises BadTimeLeftError: it is not a whole number from 0 to 600,000.
    """
    if text is None:
        return None
    value = whole_number(text, highest=MAX_MS)
    if value is None:
        raise BadTimeLeftError(f"{HEADER} must be a whole number from 0 to {MAX_MS}")
    return value
