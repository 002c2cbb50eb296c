"""Loops and timers in threads of their own."""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from base.loops.registry import (
    LONGEST_PAUSE_SECONDS,
    UNHEALTHY_AFTER,
    Watched,
    register,
    release,
    unregister,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Step: TypeAlias = Callable[[], float | None]

log = logging.getLogger("loops")

DONE: Final = math.inf
"""What a step returns when there is nothing left to do: its loop ends."""


class Loop(Watched):
    """A thread that calls ``step`` again and again.

    A step returns the seconds until the next, None for ``every`` seconds, or `DONE`; `wake` makes
    the next step come at once. With ``every`` None it waits until it is woken. The first step comes
    after ``delay`` seconds. ``finish`` is called once in the thread when the loop ends.
    """

    def __init__(
        self,
        name: str,
        step: Step,
        *,
        every: float | None = 0.0,
        delay: float = 0.0,
        finish: Callable[[], None] | None = None,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
        unhealthy_after: int = UNHEALTHY_AFTER,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float | None], None] | None = None,
    ) -> None:
        super().__init__(name, longest_pause=longest_pause, unhealthy_after=unhealthy_after)
        self._step = step
        self._every = every
        self._delay = delay
        self._finish = finish
        self._clock = clock
        self._wait = wait or self._wait_for_wake
        # Putting into it is safe in a signal handler, which setting an Event is not.
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether a stop was requested: a long step may end early."""
        return self._stopping

    def start(self) -> None:
        """Run in a daemon thread; does nothing when it runs already or was stopped."""
        with self._lock:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
                self._thread.start()
                register(self)

    def run(self) -> None:
        """Run in the calling thread until `stop` or `DONE`.

        In the main thread KeyboardInterrupt and SystemExit end it and are passed on.
        """
        with self._lock:
            self._thread = self._thread or threading.current_thread()
        register(self)
        try:
            self._run()
        finally:
            # A thread that ended for no reason that `_run` knows stays listed, as dead.
            if self._stopping or threading.current_thread() is threading.main_thread():
                unregister(self)

    def wake(self) -> None:
        """Make the next step come now; a pause after a failure is not cut short."""
        if self._wakes.empty():
            self._wakes.put(None)

    def request_stop(self) -> None:
        """End after the step in progress, without waiting for it; safe in a signal handler."""
        self._stopping = True
        self._wakes.put(None)

    def stop(self, *, seconds: float = 5.0) -> None:
        """End after the step in progress, waiting ``seconds`` at most; may be called twice."""
        self.request_stop()
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        unregister(self)

    def _is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        self._pause(self._delay)
        while not self._stopping:
            try:
                seconds = self._step()
            except BaseException as error:
                if _ends_process(error):
                    raise
                pause = self._failed(error)
                release()
                self._pause(pause)
                continue
            self._succeeded()
            if seconds == DONE:
                self._stopping = True
            elif not self._stopping:
                self._wait(self._every if seconds is None else seconds)
        if self._finish is not None:
            try:
                self._finish()
            except Exception:
                log.exception("%s did not end well", self.name)
        release()

    def _pause(self, seconds: float) -> None:
        until = self._clock() + seconds
        while not self._stopping and (left := until - self._clock()) > 0:
            self._wait(left)

    def _wait_for_wake(self, seconds: float | None) -> None:
        with suppress(queue.Empty):
            self._wakes.get(timeout=seconds)
            while True:
                self._wakes.get_nowait()


class Timer(Loop):
    """Calls ``action`` once, after ``delay`` seconds; when that raises, again until it holds.

    An action may return the seconds after which it is to be called once more.
    """

    def __init__(self, name: str, action: Step, *, delay: float) -> None:
        super().__init__(name, self._act, delay=delay)
        self._action = action

    def cancel(self) -> None:
        """Call it no more. Does not wait: the caller may hold a lock that the action wants."""
        self.request_stop()
        unregister(self)

    def _act(self) -> float:
        again = self._action()
        return DONE if again is None else again


def _ends_process(error: BaseException) -> bool:
    in_main = threading.current_thread() is threading.main_thread()
    return in_main and isinstance(error, KeyboardInterrupt | SystemExit)
