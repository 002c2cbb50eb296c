"""Children forked before their commands are known: they share what this process has imported.

A child waits at a pipe for the command of one process of the lab, then runs it as ``python -m``
would. It saves that process its imports, and the memory of what they share. Linux only; elsewhere,
and for a process that is started again, there are none, and the caller starts its command itself.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import math
import os
import runpy
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from base.process.listening import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_MODULE = [sys.executable, "-m"]
_POLL_SECONDS = 0.01
_DIGITS = 10
"""Of the length that stands before an order."""
_waiting: dict[str, Forked] = {}


class Forked:
    """Of `subprocess.Popen` what the supervisor uses; thread-safe."""

    def __init__(self, pid: int, stdin: IO[str]) -> None:
        self.pid = pid
        self.stdin = stdin
        self.returncode: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return its exit code, that of a signal negative; None while it lives."""
        with self._lock:
            if self.returncode is None and sys.platform != "win32":
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

    def wait(self, timeout: float = math.inf) -> int:
        """Wait for its end and return its exit code.

        :raises subprocess.TimeoutExpired: it still lives after ``timeout`` seconds.
        """
        wait_until(lambda: self.poll() is not None, seconds=timeout, every=_POLL_SECONDS)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return self.returncode


def preload(modules: Iterable[str]) -> None:
    """Import ``modules``, those that are installed."""
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)


def fork(name: str, *, then: Callable[[], None] = lambda: None) -> None:
    """Fork the child that will be the process ``name``; it calls ``then`` before it waits.

    To be called while there is but one thread, no connection and no event loop.
    """
    if sys.platform == "linux":
        # No collection writes to what is shared.
        gc.freeze()
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(writing)
            for other in _waiting.values():
                other.stdin.close()
            _waiting.clear()
            os.setsid()
            then()
            _run(reading)
        os.close(reading)
        _waiting[name] = Forked(pid, open(writing, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 (a descriptor)


def start(
    name: str,
    argv: Sequence[str],
    *,
    directory: Path,
    environ: Mapping[str, str] | None = None,
    stdin: bool = False,
) -> Forked | None:
    """Have the child of this name run ``argv``, a module's; None where there is no such child.

    Its environment is that of this process without ``environ``, and its standard input empty
    without ``stdin``.
    """
    child = _waiting.get(name)
    if child is None or list(argv[:2]) != _MODULE or child.poll() is not None:
        return None
    del _waiting[name]
    order = {
        "argv": [*argv],
        "environ": {**(os.environ if environ is None else environ)},  # noqa: TID251 (handed on)
        "directory": str(directory),
        "stdin": stdin,
    }
    try:
        text = json.dumps(order)
        child.stdin.write(f"{len(text):{_DIGITS}}{text}")
        child.stdin.flush()
        if not stdin:
            child.stdin.close()
    except OSError:
        # It has ended at this moment.
        child.wait()
        return None
    return child


def dismiss() -> None:
    """End the children that nobody has started."""
    while _waiting:
        _, child = _waiting.popitem()
        with suppress(OSError):
            child.stdin.close()
        child.wait()


def _run(reading: int) -> NoReturn:
    """Become the process whose order comes; end when none will."""
    # No more than the order: what follows is the standard input's.
    size = _read(reading, _DIGITS)
    if not size:
        sys.exit()
    order = json.loads(_read(reading, int(size)))
    if not order["stdin"]:
        os.close(reading)
        reading = os.open(os.devnull, os.O_RDONLY)
    os.dup2(reading, 0)
    os.close(reading)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (a descriptor)
    # As PYTHONUNBUFFERED has it for what is printed by lines.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    os.environ.clear()  # noqa: TID251 (that of another process)
    os.environ.update(order["environ"])  # noqa: TID251
    os.chdir(order["directory"])
    sys.path[0] = order["directory"]
    _show(order["argv"])
    sys.argv = order["argv"][2:]
    gc.enable()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    sys.exit()


def _read(descriptor: int, size: int) -> bytes:
    read = b""
    while len(read) < size:
        more = os.read(descriptor, size - len(read))
        if not more:
            return b""
        read += more
    return read


def _show(argv: Sequence[str]) -> None:
    """Have the system list ``argv`` as the command of this process.

    It is written over that of the process which has forked it, and, where it is longer, over the
    environment behind it, of which `os.environ` has a copy: as setproctitle(3) does.
    """
    # Where the kernel does not let it, the command is that of the other.
    if sys.platform == "linux":
        with suppress(OSError, ValueError, IndexError):
            fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            start, end, _, end_of_environ = map(int, fields[45:49])
            shown = " ".join(argv).encode().ljust(end - start)[: end_of_environ - start - 1]
            with Path("/proc/self/mem").open("r+b", buffering=0) as memory:
                memory.seek(start)
                memory.write(shown + b"\0")
