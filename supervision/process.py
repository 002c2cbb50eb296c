"""One process of the lab: its command, its readiness and its state."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from base.client import answers
from base.process import prefork
from base.process.job import end_with_this_process
from base.process.listening import is_listened_on, wait_until
from supervision import signalling
from supervision.cores import pin
from supervision.errors import StartError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from base.process.prefork import Forked
    from supervision.output.following import Output

State = Literal["stopped", "starting", "running", "paused", "crashed"]

_STOP_SECONDS = 5.0
_START_SECONDS = 60.0


@dataclass
class Process:
    """A process that can be started any number of times, one after the other."""

    name: str
    argv: Sequence[str]
    ready_url: str
    environ: Mapping[str, str]
    directory: Path
    one_core: bool = False
    whole_tree: bool = False
    """Whether what it starts itself is part of it."""
    output: Output | None = None
    """Reads what it prints; None leaves that to the terminal."""
    state: State = "stopped"
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held by whoever changes it."""
    ready_at: float | None = field(default=None, repr=False)
    """When this start's process became ready, monotonic; None before."""
    _popen: subprocess.Popen[bytes] | Forked | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """Its exit code; None while it lives or before its first start."""
        return self._popen.poll() if self._popen else None

    def start(self) -> None:
        """Start it without waiting until it is ready.

        :raises OSError: its command can't be run.
        """
        self._end_rest()
        self.state = "starting"
        self.ready_at = None
        self._popen = self._launch()
        end_with_this_process(self._popen.pid)
        if self.one_core:
            pin(self.name, self._popen.pid)
        # The first start's simulated faults are the ledger's from then on: a restart must not bring
        # back what has been healed.
        self.environ = {k: v for k, v in self.environ.items() if not k.startswith("SIM_")}

    def _launch(self) -> subprocess.Popen[bytes] | Forked:
        if self.output is None:
            forked = prefork.start(
                self.name, self.argv, environ=self.environ, directory=self.directory
            )
            if forked is not None:
                return forked
        popen = subprocess.Popen(
            self.argv,
            cwd=self.directory,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self.output else None,
            stderr=subprocess.PIPE if self.output else None,
            # The supervisor forwards a Ctrl-C at the terminal, in its own order.
            **signalling.own_group(),
        )
        if self.output:
            self.output.follow(popen)
        return popen

    def wait_until_ready(
        self,
        *,
        seconds: float = _START_SECONDS,
        given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wait until it is ready.

        :raises StartError: it exited, or did not respond in time, or before this was given up.
        """
        ready = wait_until(
            lambda: self.exit_code is not None or given_up() or self._is_ready(),
            seconds=seconds,
        )
        if self.exit_code is not None:
            raise StartError(
                f"{self.name} ended with code {self.exit_code} while starting; its last lines"
                " above give the reason"
            )
        if given_up():
            raise StartError(f"{self.name} was not waited for: the lab is stopping")
        if not ready:
            raise StartError(f"{self.name} did not answer at {self.ready_url} in {seconds:.0f} s")
        self.state = "running"
        self.ready_at = time.monotonic()

    def kill(self) -> None:
        """Kill it, as a crash does: nothing is flushed or logged."""
        self._apply(signalling.kill)
        if self._popen:
            self._popen.wait(_STOP_SECONDS)
        self._end_rest()
        self.state = "crashed"

    def pause(self) -> None:
        """Stop its execution; its sockets stay open."""
        self._apply(signalling.pause)
        self.state = "paused"

    def resume(self) -> None:
        """Resume its execution."""
        self._apply(signalling.resume)
        self.state = "running"

    def terminate(self) -> None:
        """Request its end; `join` waits for it."""
        if self.state == "paused":
            self.resume()
        self._apply(signalling.terminate)

    def join(self) -> None:
        """Wait for its end, and kill it after `_STOP_SECONDS`."""
        if self._popen is not None:
            try:
                self._popen.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._apply(signalling.kill)
                self._popen.wait()
            self._end_rest()
        self.state = "stopped"

    def _is_ready(self) -> bool:
        parts = urlsplit(self.ready_url)
        if parts.scheme == "tcp":
            return is_listened_on(parts.hostname or "", parts.port or 0)
        return answers(self.ready_url)

    def _end_rest(self) -> None:
        """Kill what it had started and has outlived it."""
        # Its id may have become another's, unless somebody of its session is left.
        popen = self._popen if self.whole_tree else None
        if popen and popen.poll() is not None and not signalling.is_alive(popen.pid):
            signalling.kill(popen.pid, tree=True)

    def _apply(self, function: Callable[..., None]) -> None:
        if self.pid is not None:
            function(self.pid, tree=self.whole_tree)
