from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from base import loops

if TYPE_CHECKING:
    import pytest


def names() -> list[str]:
    return [each.name for each in loops.health()]


async def test_a_task_goes_on_after_exceptions_with_growing_pauses() -> None:
    outcomes = iter([ValueError("a"), asyncio.CancelledError(), None, ValueError("b")])
    pauses: list[float] = []
    over = asyncio.Event()

    async def step() -> float | None:
        error = next(outcomes, loops.DONE)
        if isinstance(error, BaseException):
            raise error
        if error == loops.DONE:
            over.set()
        return error

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    task = loops.Task("task", step, sleep=sleep)
    task.start()
    async with asyncio.timeout(5):
        await over.wait()
    await task.stop()
    assert pauses == [0.1, 0.2, 0.1]
    assert task.health.errors == 3
    assert "task" not in names()


async def test_a_task_is_woken_and_stopped() -> None:
    steps = asyncio.Semaphore(0)

    async def step() -> None:
        steps.release()

    task = loops.Task("woken task", step, every=None)
    task.start()
    async with asyncio.timeout(5):
        await steps.acquire()
        task.wake()
        await steps.acquire()
    assert "woken task" in names()
    assert task.ok
    await task.stop()
    await task.stop()
    assert "woken task" not in names()


async def test_a_task_that_was_cancelled_by_another_is_a_problem() -> None:
    async def step() -> None:
        await asyncio.Event().wait()

    task = loops.Task("lost task", step)
    task.start()
    await asyncio.sleep(0)
    assert task._task is not None
    task._task.cancel()
    await asyncio.wait([task._task])
    assert [p.code for p in loops.problems() if p.params["loop"] == "lost task"] == ["loop_dead"]
    await task.stop()


async def test_what_a_spawned_coroutine_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("lost?")

    with caplog.at_level(logging.ERROR, logger="loops"):
        await asyncio.wait([loops.spawn(broken(), name="aside")])
        await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records] == ["aside failed"]
    assert caplog.records[0].exc_info
