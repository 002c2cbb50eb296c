"""One process of the lab: what starts it, how it is known to answer, what state it is in."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from labsite.supervision.cores import keep_on_one_core
from labsite.supervision.listening import answers, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

State = Literal["stopped", "starting", "running", "paused", "crashed"]

_STOP_SECONDS = 5.0
_START_SECONDS = 60.0


class StartError(Exception):
    """A process of the lab ended or stayed silent instead of answering."""


@dataclass
class Process:
    """A process that can be started any number of times, one after the other."""

    name: str
    argv: Sequence[str]
    ready_url: str
    environ: Mapping[str, str]
    directory: Path
    one_core: bool = False
    state: State = "stopped"
    _popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended, or None while it lives or was never started."""
        return self._popen.poll() if self._popen else None

    def start(self) -> int:
        """Start it without waiting for its answer, and return its id."""
        self.state = "starting"
        self._popen = subprocess.Popen(
            self.argv,
            cwd=self.directory,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            # A Ctrl-C at the terminal is the supervisor's to pass on, in its order.
            start_new_session=os.name != "nt",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        if self.one_core:
            keep_on_one_core(self.name, self._popen.pid)
        # What the environment breaks at start is in the ledger's hands from then on: a process that
        # is started again must not bring back what was healed meanwhile.
        self.environ = {k: v for k, v in self.environ.items() if not k.startswith("SIM_")}
        return self._popen.pid

    def wait_until_ready(self, *, seconds: float = _START_SECONDS) -> None:
        """Wait for its answer.

        :raises StartError: it ended, or did not answer in time.
        """
        ready = wait_until(
            lambda: self.exit_code is not None or answers(self.ready_url), seconds=seconds
        )
        if self.exit_code is not None:
            raise StartError(
                f"{self.name} ended with code {self.exit_code} while starting; its last lines"
                " above say why"
            )
        if not ready:
            raise StartError(f"{self.name} did not answer at {self.ready_url} in {seconds:.0f} s")
        self.state = "running"

    def kill(self) -> None:
        """End it at once, as a crash does: nothing is flushed, nothing is said."""
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        if self._popen:
            self._popen.wait(_STOP_SECONDS)
        self.state = "crashed"

    def pause(self) -> None:
        """Stop its execution where the system has SIGSTOP; its sockets stay open."""
        self._signal(signal.SIGSTOP)
        self.state = "paused"

    def resume(self) -> None:
        """Let a paused process go on."""
        self._signal(signal.SIGCONT)
        self.state = "running"

    def terminate(self) -> None:
        """Ask it to end; `join` waits for it."""
        if self.state == "paused":
            self.resume()
        self._signal(signal.SIGTERM)

    def join(self) -> None:
        """Wait for its end, and make it end when it takes over `_STOP_SECONDS`."""
        if self._popen is not None:
            try:
                self._popen.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()
        self.state = "stopped"

    def _signal(self, number: int) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
