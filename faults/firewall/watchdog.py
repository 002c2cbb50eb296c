"""Removes a block when its time is over, even if the lab has been killed meanwhile.

Run as ``python -m faults.firewall.watchdog FILE TOKEN``: a daemon in a session of its own, which
exits when the block has been removed or replaced.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from base.loops import DONE, Loop
from faults.errors import FirewallError
from faults.firewall import active, system

_POLL_SECONDS = 0.2
_TRIES = 10
_LONGEST_PAUSE_SECONDS = 1.0
_ROOT = Path(__file__).resolve().parent.parent.parent


def start(path: Path, *, token: str) -> None:
    """Start the watchdog of the block recorded at ``path``, detached from this process."""
    argv = [sys.executable, "-m", "faults.firewall.watchdog", str(path.resolve()), token]
    if os.name == "nt":
        # Flags that only Windows has.
        flags = ("CREATE_NEW_PROCESS_GROUP", "DETACHED_PROCESS")
        _spawn(argv, creationflags=sum(getattr(subprocess, flag) for flag in flags))
        return
    # This process forks and exits at once, so that the daemon is neither a zombie of the lab nor
    # among the processes that the lab stops.
    _spawn([*argv, "--detach"], start_new_session=True).wait()


def watch(path: Path, token: str) -> None:
    """Wait for the end of the block and remove it; return early when that has been done."""
    Loop("firewall-watchdog", _Watch(path, token).step, longest_pause=_LONGEST_PAUSE_SECONDS).run()


class _Watch:
    def __init__(self, path: Path, token: str) -> None:
        self._path = path
        self._token = token
        self._ends: float | None = None
        self._tries_left = _TRIES

    def step(self) -> float:
        block = active.read(self._path)
        if block is None or block.token != self._token:
            return DONE
        if self._ends is None:
            # Monotonic: a clock that is set back must not prolong the block.
            self._ends = time.monotonic() + block.remaining_seconds
        remaining = self._ends - time.monotonic()
        if remaining > 0:
            return min(_POLL_SECONDS, remaining)
        self._tries_left -= 1
        try:
            system.run(block.undo)
        except FirewallError:
            if self._tries_left > 0:
                raise
        active.remove(self._path, token=self._token)
        return DONE


def _spawn(argv: list[str], **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )


def _main(argv: list[str]) -> None:
    if sys.platform != "win32" and "--detach" in argv and os.fork():
        return
    watch(Path(argv[0]), argv[1])


if __name__ == "__main__":
    _main(sys.argv[1:])
