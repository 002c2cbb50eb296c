"""Reading what a process prints, line by line, until it ends."""

from __future__ import annotations

import sys
import time
from typing import IO, TYPE_CHECKING

from base.loops import DONE, Loop
from base.process.streams import one_line
from supervision.output.lines import parts_of, record_of
from supervision.output.sender import Printed

if TYPE_CHECKING:
    import subprocess

    from supervision.output.sender import Sender

_MOST_BYTES = 65_536
"""A longer line is read as several."""


class Output:
    """The output of one instance of a service: each line is shown, and sent as a log record."""

    def __init__(self, service: str, instance: str, sender: Sender) -> None:
        self._service = service
        self._instance = instance
        self._sender = sender
        self._last_ns = 0

    def follow(self, process: subprocess.Popen[bytes]) -> None:
        """Read both streams of ``process`` until they are closed."""
        for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
            if stream is not None:
                Loop("service-output-reader", self._reading(name, stream)).start()

    def _reading(self, name: str, stream: IO[bytes]) -> _Reading:
        return _Reading(self, name, stream)

    def line(self, text: str, *, stream: str) -> None:
        """Show one line, and send it."""
        sys.stdout.write(f"{self._instance} | {one_line(text)}\n")
        sys.stdout.flush()
        if text.strip():
            for part in parts_of(text) if "}{" in text else [text]:
                record = record_of(part, observed_ns=self._now(), stream=stream)
                self._sender.put(Printed(self._service, self._instance, record))

    def _now(self) -> int:
        # Two equal lines are two records: no two have one time.
        self._last_ns = max(time.time_ns(), self._last_ns + 1)
        return self._last_ns


class _Reading:
    """One stream's next line, at each call."""

    def __init__(self, output: Output, name: str, stream: IO[bytes]) -> None:
        self._output = output
        self._name = name
        self._stream = stream

    def __call__(self) -> float | None:
        line = self._stream.readline(_MOST_BYTES)
        if not line:
            self._stream.close()
            return DONE
        self._output.line(line.decode("utf-8", "replace").rstrip("\r\n"), stream=self._name)
        return None
