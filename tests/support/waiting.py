"""Awaiting a condition instead of sleeping."""

from __future__ import annotations

import asyncio
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


async def eventually_async(
    condition: Callable[[], bool], *, seconds: float = 10.0, said: Callable[[], object] = str
) -> None:
    """Await ``condition`` in an event loop; fail the test with what is ``said`` when it is late."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, said()
        await asyncio.sleep(0.01)


def let_pass(seconds: float) -> None:
    """Let time pass where time itself is what a test is about: a pace, a pause, a slow peer."""
    time.sleep(seconds)


async def let_pass_async(seconds: float) -> None:
    """Let time pass in an event loop, as `let_pass` does."""
    await asyncio.sleep(seconds)
