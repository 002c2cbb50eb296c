"""A tiny process that ends the lab's others when the supervisor is gone, however it went.

The supervisor writes ``+pid`` and ``-pid`` lines into its standard input. When that closes without
a ``bye``, the supervisor was killed: whatever is left is continued (a paused process can't hear)
and ended. Run as ``python -m labsite.supervision.last_resort``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

_GRACE_SECONDS = 3.0


def main() -> None:
    """Read pids until the supervisor is gone, then end those that are left."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    pids: set[int] = set()
    for line in sys.stdin:
        word = line.strip()
        if word == "bye":
            return
        (pids.add if word[0] == "+" else pids.discard)(int(word[1:]))
    end(pids)


def end(pids: set[int]) -> None:
    """Ask each process to end, then make those end that have not within `_GRACE_SECONDS`."""
    for pid in pids:
        for name in ("SIGTERM", "SIGCONT"):
            _send(pid, name)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and any(_alive(pid) for pid in pids):
        time.sleep(0.05)
    for pid in pids:
        _send(pid, "SIGKILL")


def _send(pid: int, name: str) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, getattr(signal, name, signal.SIGTERM))


def _alive(pid: int) -> bool:
    if os.name == "nt":
        # There signal 0 would end the process; SIGTERM has ended it at once already.
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
