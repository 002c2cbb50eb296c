"""What tests have started ends with them, also when they are killed, by the lab's own reaper."""

from __future__ import annotations

import atexit
from pathlib import Path

from supervision.last_resort import LastResort
from supervision.signalling import is_alive

_REAPER = LastResort(directory=Path(__file__).resolve().parents[3])
_PIDS: dict[int, bool] = {}


def watch(pid: int) -> None:
    """Have a process terminated when this one has died, in whatever way."""
    _PIDS[pid] = False
    _REAPER.know(_PIDS)


def forget(pid: int) -> None:
    """Leave a process alone that has ended."""
    if _PIDS.pop(pid, None) is not None:
        _REAPER.know(_PIDS)


@atexit.register
def _end() -> None:
    # What is still there then is what nobody has stopped.
    if not any(map(is_alive, _PIDS)):
        _REAPER.end()
