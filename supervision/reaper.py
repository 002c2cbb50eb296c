"""A process that terminates the lab's others when the supervisor has died, in whatever way.

The supervisor writes lines to its standard input (`supervision.last_resort`): ``+pid`` for each
process that it has started, ``+pid tree`` for one whose children are part of it, ``-pid`` for each
that has ended, and ``done`` before it exits. When
the input closes without it, the supervisor has been killed: all processes are terminated, and
resumed, since a paused one can't handle a signal. Run as ``python -m supervision.reaper``.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from base.process.signals import ignore_stop
from supervision.signalling import is_alive, kill, resume, terminate

if TYPE_CHECKING:
    from collections.abc import Mapping

DONE = "done"
TREE = "tree"
_GRACE_SECONDS = 3.0


def main() -> None:
    """Read pids until the supervisor has exited; unless it was done, terminate the processes."""
    ignore_stop()
    pids: dict[int, bool] = {}
    for line in sys.stdin:
        if line.strip() == DONE:
            return
        number, _, rest = line.strip().partition(" ")
        pid = int(number)
        if pid > 0:
            pids[pid] = rest == TREE
        else:
            pids.pop(-pid, None)
    terminate_all(pids)


def terminate_all(pids: Mapping[int, bool]) -> None:
    """Terminate each process, and kill those that are still alive after `_GRACE_SECONDS`.

    ``pids`` says of each whether its children are part of it.
    """
    for pid, tree in pids.items():
        terminate(pid, tree=tree)
        resume(pid, tree=tree)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and any(is_alive(pid) for pid in pids):
        time.sleep(0.05)
    for pid, tree in pids.items():
        kill(pid, tree=tree)


if __name__ == "__main__":
    main()
