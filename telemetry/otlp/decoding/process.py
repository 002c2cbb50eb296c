"""A process of its own in which large bodies are decoded, so that a second core does it.

It is started when it is wanted, ends when it was not for a while, and with the observer at the
latest: its input ends then. What becomes of it harms nobody, since whoever has a body can decode it
as well. Of Django it has nothing, so that it is started soon and takes little memory.
"""

from __future__ import annotations

import gc
import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from base.loops import Loop
from base.process.job import end_with_this_process
from telemetry.errors import TelemetryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.otlp.decoding.bodies import Decoded

    Decode = Callable[[bool, bytes], Decoded]

_ROOT = Path(__file__).resolve().parent.parent.parent.parent
_IDLE_SECONDS = 20.0
_START_SECONDS = 10.0
_GC_THRESHOLD = 200_000
_GONE = (OSError, EOFError, ValueError, pickle.UnpicklingError)


class ProcessGoneError(Exception):
    """It is not there, or no longer: the body is to be decoded by whoever has it."""


class DecoderProcess:
    """Starts, uses and ends it; any thread may use it."""

    def __init__(self, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._child: _Child | None = None
        self._changed = threading.Condition()
        self._wanted_at = 0.0
        self._loop = Loop("otlp-process", self._step, every=None, finish=self._end)

    @property
    def pid(self) -> int | None:
        """Its process id while it is there."""
        child = self._child
        return None if child is None else child.pid

    def is_ready(self) -> bool:
        """Whether it is there; if not, it is started for the next time."""
        self._wanted_at = time.monotonic()
        if self._child is not None:
            return True
        self._loop.start()
        self._loop.wake()
        return False

    def decode(self, decode: Decode, body: bytes, *, as_json: bool) -> Decoded:
        """Call ``decode``, a module's own function, there, waiting a while for its start.

        :raises TelemetryError: the body is refused.
        :raises ProcessGoneError: it is not there, or has gone meanwhile.
        """
        if not self.is_ready():
            with self._changed:
                self._changed.wait_for(
                    lambda: self._child is not None or self._loop.stopping, _START_SECONDS
                )
        child = self._child
        if child is None:
            raise ProcessGoneError
        try:
            return child.decode(decode, body, as_json=as_json)
        except _GONE as error:
            self._forget(child)
            raise ProcessGoneError from error

    def stop(self) -> None:
        """End it; may be called twice."""
        self._loop.request_stop()
        with self._changed:
            self._changed.notify_all()
        self._loop.stop(seconds=2)

    def _step(self) -> float | None:
        idle = time.monotonic() - self._wanted_at
        if self._child is not None and idle >= self._idle_seconds and not self._child.is_busy:
            self._end()
        elif self._child is None and idle < self._idle_seconds:
            started = _Child()
            with self._changed:
                self._child, self._wanted_at = started, time.monotonic()
                self._changed.notify_all()
        return None if self._child is None else self._idle_seconds

    def _end(self) -> None:
        child = self._child
        if child is not None:
            self._forget(child)

    def _forget(self, child: _Child) -> None:
        if self._child is child:
            self._child = None
        child.end()


class _Child:
    """One such process. While the answer to one body is read, the next one is on its way."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        end_with_this_process(self._process.pid)
        self.pid = self._process.pid
        self._sending, self._receiving = threading.Lock(), threading.Lock()
        try:
            self._receive()
        except _GONE:
            self.end()
            raise

    @property
    def is_busy(self) -> bool:
        """Whether a body or an answer is on its way."""
        return self._sending.locked() or self._receiving.locked()

    def decode(self, decode: Decode, body: bytes, *, as_json: bool) -> Decoded:
        """Have it decode ``body``."""
        with self._sending:
            _send(self._process.stdin, (decode, as_json, body))
            # In the order in which bodies are sent.
            self._receiving.acquire()
        try:
            answer = self._receive()
        finally:
            self._receiving.release()
        if isinstance(answer, TelemetryError):
            raise answer
        decoded: Decoded = answer
        return decoded

    def end(self) -> None:
        """End it and wait for its end; may be called twice."""
        self._process.kill()
        self._process.wait()
        # Whoever waits for an answer has its end now.
        with self._sending, self._receiving:
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _receive(self) -> Any:
        return pickle.load(self._process.stdout)  # type: ignore[arg-type] # noqa: S301 (from this program itself; it is a pipe)


def main() -> None:
    """Decode what comes until there is no more."""
    # What takes long of its start, before it says that it is ready.
    from telemetry.otlp.decoding import bodies as _bodies  # noqa: F401

    # Ctrl-C comes to it as well: it ends with the observer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    # Whatever is printed is no answer.
    sys.stdout = sys.stderr
    # Records hold no circles, and come by the thousand.
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)
    with suppress(EOFError, BrokenPipeError):
        _send(answers, None)
        while True:
            decode, as_json, body = pickle.load(given)  # noqa: S301 (from the observer)
            try:
                answer = decode(as_json, body)
            except TelemetryError as error:
                answer = error
            _send(answers, answer)


def _send(pipe: IO[bytes] | None, value: Any) -> None:
    if pipe is not None:
        pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
        pipe.flush()


if __name__ == "__main__":
    main()
