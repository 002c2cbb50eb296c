"""The signals that stop a process, set by the process itself.

A shell starts background processes with SIGINT ignored, and Python then installs no handler: such a
process gets no `KeyboardInterrupt`, nor is it stopped by `_thread.interrupt_main`.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Iterator

_STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")


def raise_on_sigint() -> None:
    """Make SIGINT raise `KeyboardInterrupt`, however the process was started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def on_stop(stop: Callable[[], object]) -> None:
    """Call ``stop`` in the main thread on each signal that requests a process's end.

    A closed terminal sends one, which is ignored in a process started by ``nohup``.
    """
    for name in _STOP_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop())
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: stop())


def on_stop_in(loop: AbstractEventLoop, stop: Callable[[], object]) -> None:
    """Call ``stop`` in ``loop`` on each of those signals, also when one comes as it begins to wait.

    A handler of Python's alone does not wake it then: a process that rests would never stop.
    """
    if sys.platform == "win32":
        # Its loop is woken by every signal.
        on_stop(lambda: loop.call_soon_threadsafe(stop))
    else:
        for name in (*_STOP_SIGNALS, "SIGHUP"):
            number = getattr(signal, name, None)
            ignored = name == "SIGHUP" and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            if number is not None and not ignored:
                loop.add_signal_handler(number, stop)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Within the block, make the first signal that requests an end raise `KeyboardInterrupt`.

    Later ones are ignored, so that what is cleaned up then is cleaned up whole.
    """
    signals = [getattr(signal, n) for n in (*_STOP_SIGNALS, "SIGHUP") if hasattr(signal, n)]
    before = {each: signal.getsignal(each) for each in signals}

    def interrupt() -> None:
        ignore_stop()
        raise KeyboardInterrupt

    on_stop(interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def ignore_stop() -> None:
    """Ignore the signals of `on_stop` from now on: the process is ending already."""
    for name in (*_STOP_SIGNALS, "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
