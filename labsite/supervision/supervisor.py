"""The lab's processes as a whole: started together, watched, stopped together.

Every change of a process goes through one lock, so that a fault that ends, a crash that is noticed
and a Ctrl-C never act on the same process at once.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from labsite.supervision.process import Process, StartError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger("labsite")

_WATCH_SECONDS = 0.2
_FAST_FAILURES = 5
_BACK_OFF_SECONDS = 1.0


class Supervisor:
    """Starts, watches and stops `Process` objects, in the order given."""

    def __init__(self, processes: Sequence[Process], *, directory: Path) -> None:
        self.processes = {process.name: process for process in processes}
        self.lock = threading.RLock()
        self._directory = directory
        self._stopping = threading.Event()
        self._last_resort: subprocess.Popen[str] | None = None
        self._failures: dict[str, int] = {}

    def start(self) -> None:
        """Start every process at once and wait until all answer.

        :raises StartError: one of them did not come up; what had started has been stopped.
        """
        self._last_resort = subprocess.Popen(
            [sys.executable, "-m", "labsite.supervision.last_resort"],
            cwd=self._directory,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            for process in self.processes.values():
                self._tell(f"+{process.start()}")
            for process in self.processes.values():
                process.wait_until_ready()
        except (StartError, OSError):
            self.stop()
            raise

    def watch(self) -> None:
        """Restart what ends by itself, until `stop`; meant for the main thread."""
        while not self._stopping.wait(_WATCH_SECONDS):
            for process in self.processes.values():
                with self.lock:
                    ended = process.state == "running" and process.exit_code is not None
                    if ended and not self._stopping.is_set():
                        self._restart_after_failure(process)

    def restart(self, process: Process) -> None:
        """Start ``process`` again and wait until it answers.

        :raises StartError: it did not come up.
        """
        with self.lock:
            if self._stopping.is_set():
                return
            self._tell(f"+{process.start()}")
        process.wait_until_ready()

    def request_stop(self) -> None:
        """End `watch`; safe in a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop every process; nothing of the lab is left behind. May be called twice."""
        self._stopping.set()
        with self.lock:
            running = [p for p in self.processes.values() if p.pid is not None]
            # The observer goes last: it takes in what the others still have to tell.
            running.sort(key=lambda process: process.name == "observer")
            for process in running:
                if process.name != "observer":
                    process.terminate()
            for process in running:
                process.terminate()
                process.join()
        if self._last_resort is not None:
            self._tell("bye")
            if self._last_resort.stdin:
                self._last_resort.stdin.close()
            self._last_resort.wait()
            self._last_resort = None

    def _restart_after_failure(self, process: Process) -> None:
        failures = self._failures[process.name] = self._failures.get(process.name, 0) + 1
        log.error(
            "%s ended by itself with code %s: starting it again", process.name, process.exit_code
        )
        if failures > _FAST_FAILURES:
            time.sleep(_BACK_OFF_SECONDS)
        try:
            self.restart(process)
        except StartError:
            log.exception("%s did not come up", process.name)
            process.state = "running"

    def _tell(self, word: str) -> None:
        if self._last_resort and self._last_resort.stdin:
            try:
                self._last_resort.stdin.write(word + "\n")
                self._last_resort.stdin.flush()
            except OSError:
                log.warning("the process that ends the lab's others when it is killed has gone")
