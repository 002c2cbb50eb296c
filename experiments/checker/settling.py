"""Waiting until nothing more happens to the orders of a history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from base.lab import Lab
    from experiments.checker.history import Operation

T = TypeVar("T")

_LOOK_SECONDS = 0.25
_WAIT_LOOK_SECONDS = 0.1


def wait_for_quiet(
    lab: Lab,
    operations: Sequence[Operation],
    *,
    still_seconds: float,
    most_seconds: float,
    since: datetime | None = None,
) -> int:
    """Wait until no order is PENDING, or their number has stood still; return how many are.

    ``since`` is a time before the first of ``operations``, which spares looking at older orders.

    :raises LabError: the API can't be asked.
    """
    return wait_until_still(
        lambda: pending(lab, operations, since=since),
        still_seconds=still_seconds,
        most_seconds=most_seconds,
        enough=lambda count: not count,
    )


def pending(lab: Lab, operations: Sequence[Operation], *, since: datetime | None = None) -> int:
    """Count the orders of ``operations`` that are PENDING.

    :raises LabError: the API can't be asked.
    """
    ours = {operation.request_id for operation in operations}
    left = lab.orders(status="PENDING", since=since)
    return sum(order["requestId"] in ours for order in left)


def wait_until_still(
    look: Callable[[], T],
    *,
    still_seconds: float,
    most_seconds: float,
    enough: Callable[[T], bool] = lambda _seen: False,
) -> T:
    """Look again and again until what is seen is ``enough``, or has not changed for a while."""
    until = time.monotonic() + most_seconds
    last, changed = look(), time.monotonic()
    while not enough(last) and changed + still_seconds > time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
        seen = look()
        if seen != last:
            last, changed = seen, time.monotonic()
    return last


def wait_for(look: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    """Look until what is seen is ``enough`` or ``seconds`` have passed; return what was seen last.

    It is looked at once at least.
    """
    until = time.monotonic() + seconds
    seen = look()
    while not enough(seen) and time.monotonic() < until:
        time.sleep(_WAIT_LOOK_SECONDS)
        seen = look()
    return seen
