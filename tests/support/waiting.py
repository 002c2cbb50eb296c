"""Awaiting a condition instead of sleeping."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def eventually(
    condition: Callable[[], T | None], *, seconds: float = 10.0, every: float = 0.03
) -> T:
    """Return the first true value of ``condition``; fail the test when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {seconds} s: the last value was {value!r}")
        time.sleep(every)
