"""The supervisor's side of the reaper: kept alive, and sent the list of processes."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from base.process import prefork
from supervision import reaper
from supervision.signalling import own_group

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from base.process.prefork import Forked

log = logging.getLogger("labsite")


class LastResort:
    """The reaper's process; thread-safe."""

    def __init__(self, *, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._popen: subprocess.Popen[str] | Forked | None = None
        self._known: Mapping[int, bool] = {}
        self._ended = False

    @property
    def pid(self) -> int | None:
        """The reaper's process id while it lives."""
        with self._lock:
            return self._popen.pid if self._popen and self._popen.poll() is None else None

    def know(self, pids: Mapping[int, bool]) -> None:
        """Make the reaper know ``pids`` and no others; one that has been killed is started again.

        ``pids`` says of each whether its children are part of it.

        After `end` it does nothing.

        :raises OSError: it can't be started.
        """
        with self._lock:
            if self._ended:
                return
            self._start_if_killed()
            lines = [
                f"+{pid} {reaper.TREE}" if pids[pid] else f"+{pid}"
                for pid in pids.keys() - self._known.keys()
            ]
            lines += [f"-{pid}" for pid in self._known.keys() - pids.keys()]
            # One that ends meanwhile is started again, and sent the whole list, the next time.
            with suppress(OSError):
                self._send(lines)
                self._known = dict(pids)

    def end(self) -> None:
        """End it: there is nothing left to terminate; idempotent."""
        with self._lock:
            self._ended = True
            if self._popen is None:
                return
            with suppress(OSError):
                self._send([reaper.DONE])
            if self._popen.stdin:
                with suppress(OSError):
                    self._popen.stdin.close()
            self._popen.wait()
            self._popen, self._known = None, {}

    def _start_if_killed(self) -> None:
        if self._popen is not None:
            if self._popen.poll() is None:
                return
            log.warning(
                "the reaper, which stops the lab if the supervisor is killed, has ended with code"
                " %s: starting it again",
                self._popen.returncode,
            )
            if self._popen.stdin:
                with suppress(OSError):
                    self._popen.stdin.close()
        self._popen, self._known = self._spawn(), {}

    def _spawn(self) -> subprocess.Popen[str] | Forked:
        argv = [sys.executable, "-m", "supervision.reaper"]
        forked = prefork.start("reaper", argv, directory=self._directory, stdin=True)
        return forked or subprocess.Popen(
            argv,
            cwd=self._directory,
            stdin=subprocess.PIPE,
            text=True,
            **own_group(),
        )

    def _send(self, lines: list[str]) -> None:
        if lines and self._popen and self._popen.stdin:
            self._popen.stdin.write("".join(f"{line}\n" for line in lines))
            self._popen.stdin.flush()
