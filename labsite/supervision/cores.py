"""Which processor core a service computes on: chosen here, and done where the system allows it.

A Python process computes on one core at a time. When its threads are spread over several, they
spend a good part of their time on handing its lock from core to core: on two cores, orders went
1.4 times as fast with each service kept on one (`docs/performance.md`).
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE_EACH = ("api", "worker")


def core_of(name: str, cores: Sequence[int]) -> int | None:
    """Choose one of ``cores`` for the process ``name``; None to leave the choice to the system.

    The two services get one each, counted from the end: the first core is the one that everything
    else on a machine tends to use. The others compute too little for it to matter.
    """
    if name not in _ONE_EACH or len(cores) < 2:
        return None
    return sorted(cores)[-1 - min(_ONE_EACH.index(name), len(cores) - 1)]


def keep_on_one_core(name: str, pid: int) -> None:
    """Keep a process, and what it starts, on its core; without a word where that can't be done."""
    if not hasattr(os, "sched_setaffinity"):
        return
    core = core_of(name, sorted(os.sched_getaffinity(0)))
    if core is not None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, {core})
