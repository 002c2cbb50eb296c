"""Terminating, killing, pausing and resuming a process by its pid, on every system.

A process that has exited already is no error. With ``tree`` everything that it has started is
meant too: on POSIX all of the session that it leads, also when it has exited itself. On Windows a
virtual environment's Python is a launcher that waits for its child, the interpreter: each function
applies to both.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOWS: Final = "win32"
_CREATE_NEW_PROCESS_GROUP: Final = 0x200  # `subprocess` has the name on Windows alone
_MOST_ROUNDS: Final = 10


def termination_signal(platform: str) -> str:
    """Return the signal that requests a process's end, one that it can handle."""
    return "CTRL_BREAK_EVENT" if platform == WINDOWS else "SIGTERM"


def own_group(platform: str = sys.platform) -> dict[str, Any]:
    """Return the arguments of `Popen` that keep a terminal's Ctrl-C from a process."""
    if platform == WINDOWS:
        return {"creationflags": _CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def terminate(pid: int, *, tree: bool = False) -> None:
    """Request a process's end; on Windows it must lead a process group."""
    if tree and sys.platform != "win32":
        _apply(psutil.Process.terminate, pid, tree=True, platform=sys.platform)
        return
    try:
        os.kill(pid, getattr(signal, termination_signal(sys.platform)))
    except ProcessLookupError:
        return
    except OSError:
        # On Windows a process without a console gets no such signal.
        kill(pid, tree=tree)


def kill(pid: int, *, tree: bool = False, platform: str = sys.platform) -> None:
    """Kill a process at once."""
    _apply(psutil.Process.kill, pid, tree=tree, platform=platform)


def pause(pid: int, *, tree: bool = False, platform: str = sys.platform) -> None:
    """Suspend a process; its sockets stay open."""
    _apply(psutil.Process.suspend, pid, tree=tree, platform=platform)


def resume(pid: int, *, tree: bool = False, platform: str = sys.platform) -> None:
    """Resume a paused process."""
    _apply(psutil.Process.resume, pid, tree=tree, platform=platform)


def is_alive(pid: int) -> bool:
    """Return whether a process of this id exists."""
    return psutil.pid_exists(pid)


def _apply(
    function: Callable[[psutil.Process], None], pid: int, *, tree: bool, platform: str
) -> None:
    """Apply ``function`` once to each process meant, those included that appear meanwhile."""
    done: set[psutil.Process] = set()
    for _ in range(_MOST_ROUNDS if tree else 1):
        found = [each for each in _meant(pid, tree=tree, platform=platform) if each not in done]
        if not found:
            return
        for process in found:
            done.add(process)
            with suppress(psutil.Error):
                function(process)


def _meant(pid: int, *, tree: bool, platform: str) -> Iterator[psutil.Process]:
    if tree and platform != WINDOWS:
        yield from _session(pid)
        return
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        yield process
        if platform == WINDOWS:
            yield from process.children(recursive=tree)


def _session(leader: int) -> Iterator[psutil.Process]:
    if sys.platform == "win32":
        yield from ()
    else:
        for pid in psutil.pids():
            # One may exit between being listed and being looked at.
            with suppress(OSError, psutil.Error):
                if os.getsid(pid) == leader:
                    yield psutil.Process(pid)
