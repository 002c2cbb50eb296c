"""Threads of a service, kept apart by what their calls wait for.

An order waits for the worker, whose callback needs a thread of the same service: were there only
one set of threads, enough orders at a time would leave none for the callbacks that they wait for.
And what heals a fault must come through when everything else is held up by it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from waitress.task import ThreadedTaskDispatcher

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTROL = ("/internal/faults", "/internal/defences", "/healthz", "/readyz")
"""What steers the service, and is to be answered whatever else goes on."""

WAITING = (("POST", "/orders"), ("POST", "/jobs/"))
"""Calls that wait for the other service."""

RECEIVED = "X_LAB_RECEIVED"
"""A header of our own making: when the call was whole, in monotonic seconds of this process."""

_CONTROL_THREADS = 4


class Lanes:
    """What waitress hands its calls to: one dispatcher for each kind."""

    def __init__(self, threads: int) -> None:
        self._control = _dispatcher(_CONTROL_THREADS)
        self._waiting = _dispatcher(threads)
        self._other = _dispatcher(threads)

    @property
    def _all(self) -> Sequence[Any]:
        return (self._control, self._waiting, self._other)

    @property
    def queue(self) -> list[Any]:
        """The calls that wait for a thread."""
        return [task for lane in self._all for task in lane.queue]

    def set_thread_count(self, count: int) -> None:
        """Set how many threads each lane but the one for control has."""
        self._waiting.set_thread_count(count)
        self._other.set_thread_count(count)

    def add_task(self, task: Any) -> None:
        """Hand a connection with a whole call to the lane of that call."""
        call = task.requests[0]
        # A call that could not be parsed has neither, and needs a thread for its refusal.
        method, path = getattr(call, "command", ""), getattr(call, "path", "")
        # What a caller sent under this name is overwritten: the wait for a thread counts as well.
        getattr(call, "headers", {})[RECEIVED] = repr(time.monotonic())
        if path.startswith(CONTROL):
            self._control.add_task(task)
        elif any(method == waiting and path.startswith(begins) for waiting, begins in WAITING):
            self._waiting.add_task(task)
        else:
            self._other.add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:  # noqa: FBT001, FBT002 (waitress calls it so)
        """End the threads."""
        ended = [lane.shutdown(cancel_pending, timeout) for lane in self._all]
        return all(ended)


def _dispatcher(threads: int) -> Any:
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return dispatcher
