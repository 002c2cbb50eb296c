"""Loops in asyncio tasks, and tasks beside their caller."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from base.loops.registry import (
    LONGEST_PAUSE_SECONDS,
    UNHEALTHY_AFTER,
    Watched,
    record_failure,
    register,
    unregister,
)
from base.loops.threads import DONE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    AsyncStep: TypeAlias = Callable[[], Awaitable[float | None]]


class Task(Watched):
    """An asyncio task that calls ``step`` again and again, as `Loop` does in a thread."""

    def __init__(
        self,
        name: str,
        step: AsyncStep,
        *,
        every: float | None = 0.0,
        delay: float = 0.0,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
        unhealthy_after: int = UNHEALTHY_AFTER,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(name, longest_pause=longest_pause, unhealthy_after=unhealthy_after)
        self._step = step
        self._every = every
        self._delay = delay
        self._sleep = sleep
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run in the running event loop; does nothing when it runs already or was stopped."""
        if self._task is None and not self._stopping:
            self._task = asyncio.get_running_loop().create_task(self._run(), name=self.name)
            register(self)

    def wake(self) -> None:
        """Make the next step come now; to be called in the event loop's thread."""
        self._woken.set()

    def cancel(self) -> None:
        """End it without waiting for its end; may be called twice."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
        unregister(self)

    async def stop(self) -> None:
        """Cancel it and wait for its end; may be called twice."""
        self.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    def _is_alive(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _run(self) -> None:
        if self._delay:
            await self._sleep(self._delay)
        while not self._stopping:
            try:
                seconds = await self._step()
            except (Exception, asyncio.CancelledError) as error:
                if _is_cancelled():
                    raise
                await self._sleep(self._failed(error))
                continue
            self._succeeded()
            if seconds == DONE:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every if seconds is None else seconds):
                    await self._woken.wait()
            self._woken.clear()
        unregister(self)


def spawn(coroutine: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
    """Run ``coroutine`` beside its caller, once; what it raises is logged and counted."""
    task = asyncio.get_running_loop().create_task(coroutine, name=name)
    _spawned.add(task)
    task.add_done_callback(_ended)
    return task


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _ended(task: asyncio.Task[None]) -> None:
    _spawned.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        record_failure(task.get_name(), error)


_spawned: set[asyncio.Task[None]] = set()
