"""A process that ends with this one, in its own time: Ctrl-C lets it stop what it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from typing import IO, TYPE_CHECKING

from launch.environment import ROOT, python

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STOP_SECONDS = 40


class Child:
    """``python`` with ``arguments``; with ``output`` apart from the terminal and its Ctrl-C."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        apart: bool = False,
        output: IO[bytes] | None = None,
    ) -> None:
        self._apart = apart and os.name != "nt"
        self._popen = subprocess.Popen(
            [python(), *arguments],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=self._apart,
        )

    def wait(self) -> int:
        """Return its exit code; Ctrl-C stops it first.

        :raises KeyboardInterrupt: this process was interrupted; the child has ended.
        """
        try:
            return self._popen.wait()
        except KeyboardInterrupt:
            self.stop()
            raise

    def stop(self) -> None:
        """Interrupt it as Ctrl-C does, once, and wait; kill it when it takes too long."""
        if self._apart and self._popen.poll() is None:
            # One that is not apart has had its Ctrl-C from the terminal.
            self._popen.send_signal(signal.SIGINT)
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(_STOP_SECONDS)
        finally:
            if self._popen.poll() is None:
                self._popen.kill()
                self._popen.wait()
