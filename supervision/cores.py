"""CPU affinity: each service is pinned to one core, where the system supports it.

A Python process computes on one core at a time. Threads spread over several spend much of their
time on passing the GIL from core to core: on two cores, the rate of orders was 1.4 times as high
with each service pinned to one (`docs/performance.md`).
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from systems.current import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE_EACH = tuple(each.name for each in SYSTEM.services if each.has_switches)


def core_of(name: str, cores: Sequence[int]) -> int | None:
    """Choose one of ``cores`` for the process ``name``; None to leave it to the scheduler.

    Each service gets one, counted from the last: everything else tends to run on the first. The
    other processes compute too little for it to matter.
    """
    if name not in _ONE_EACH or len(cores) < 2:
        return None
    return sorted(cores)[-1 - min(_ONE_EACH.index(name), len(cores) - 1)]


def pin(name: str, pid: int) -> None:
    """Pin a process, and its children, to its core; does nothing where that is not supported."""
    if sys.platform == "linux":
        core = core_of(name, sorted(os.sched_getaffinity(0)))
        if core is not None:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(pid, {core})
