"""Waiting until nothing more happens to the orders of a history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.history import Operation
    from experiments.lab import Lab

_LOOK_SECONDS = 0.25


def wait_for_quiet(
    lab: Lab, operations: Sequence[Operation], *, still_seconds: float, most_seconds: float
) -> int:
    """Wait until no order is PENDING, or their number has stood still; return how many are.

    :raises LabError: the API can't be asked.
    """
    ours = {operation.request_id for operation in operations}
    until = time.monotonic() + most_seconds
    last, since = -1, time.monotonic()
    while True:
        pending = sum(order["requestId"] in ours for order in lab.orders(status="PENDING"))
        now = time.monotonic()
        if pending != last:
            last, since = pending, now
        if not pending or now - since > still_seconds or now > until:
            return pending
        time.sleep(_LOOK_SECONDS)
