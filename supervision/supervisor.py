"""The lab's processes as a whole: started together, watched, stopped together.

Each process has a lock, which serializes its changes, so that the end of a fault, the restart after
a crash and a Ctrl-C never act on it at once. One that is slow to start delays no change of another,
and no stop.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from base.loops import Loop
from base.process.listening import wait_until
from supervision.errors import StartError
from supervision.last_resort import LastResort

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from supervision.process import Process

log = logging.getLogger("labsite")

_WATCH_SECONDS = 0.2
_FAST_FAILURES = 5
_BACK_OFF_SECONDS = 1.0
_WELL_SECONDS = 30.0
"""Who has run for this long has its full number of fast restarts again."""


class Supervisor:
    """Starts, watches and stops `Process` objects, in the order given."""

    def __init__(self, processes: Sequence[Process], *, directory: Path) -> None:
        self.processes = {process.name: process for process in processes}
        self.last_resort = LastResort(directory=directory)
        self._watch = Loop(
            "watch",
            self._check,
            every=_WATCH_SECONDS,
            longest_pause=_BACK_OFF_SECONDS,
            # A process that does not come up is reported at once.
            unhealthy_after=1,
        )
        self._failures: dict[str, int] = {}

    def start(self) -> None:
        """Start all processes and wait until they are ready.

        :raises StartError: one of them did not come up; what had started has been stopped.
        """
        try:
            for process in self.processes.values():
                self._begin(process)
            for process in self.processes.values():
                process.wait_until_ready(given_up=lambda: self._watch.stopping)
        except (StartError, OSError):
            self.stop()
            raise

    def watch(self) -> None:
        """Restart processes that exit, until `stop`; for the main thread."""
        self._watch.run()

    def _check(self) -> None:
        failure: Exception | None = None
        for process in self.processes.values():
            if not process.lock.acquire(blocking=False):
                # Whoever holds it is starting it, or stopping.
                continue
            try:
                if process.state == "running" and process.exit_code is not None:
                    self._restart_after_failure(process)
            except (StartError, OSError) as error:
                # It is retried after the others have been checked.
                process.state = "running"
                failure = error
            finally:
                process.lock.release()
        if self._watch.stopping:
            return
        self._tell_last_resort()
        if failure is not None:
            raise failure

    def restart(self, process: Process) -> None:
        """Start ``process`` again and wait until it is ready.

        :raises StartError: it did not come up, or all are stopping meanwhile.
        """
        with process.lock:
            if self._watch.stopping:
                return
            self._begin(process)
            process.wait_until_ready(given_up=lambda: self._watch.stopping)

    def request_stop(self) -> None:
        """End `watch`; safe in a signal handler."""
        self._watch.request_stop()

    def stop(self) -> None:
        """Stop all processes, the reaper included; idempotent."""
        self._watch.request_stop()
        with ExitStack() as locks:
            for process in self.processes.values():
                locks.enter_context(process.lock)
            running = [p for p in self.processes.values() if p.pid is not None]
            # The observer is last: it receives the others' remaining telemetry.
            running.sort(key=lambda process: process.name == "observer")
            for process in running:
                if process.name != "observer":
                    process.terminate()
            for process in running:
                process.terminate()
                process.join()
        self.last_resort.end()

    def _restart_after_failure(self, process: Process) -> None:
        ran_well = (
            process.ready_at is not None and time.monotonic() - process.ready_at > _WELL_SECONDS
        )
        failures = 1 if ran_well else self._failures.get(process.name, 0) + 1
        self._failures[process.name] = failures
        log.error(
            "%s ended by itself with code %s: starting it again", process.name, process.exit_code
        )
        if failures > _FAST_FAILURES:
            wait_until(lambda: self._watch.stopping, seconds=_BACK_OFF_SECONDS)
        self.restart(process)

    def _begin(self, process: Process) -> None:
        process.start()
        self._tell_last_resort()

    def _tell_last_resort(self) -> None:
        self.last_resort.know(
            {
                process.pid: process.whole_tree
                for process in self.processes.values()
                if process.pid is not None
            }
        )
