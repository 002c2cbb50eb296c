"""Healing what an experiment or a matrix set, also while the lab can't be reached for a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from base.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable

    from base.lab import Lab

_TRIES = 20
_PAUSE_SECONDS = 0.5


def heal(lab: Lab, *, set_by: str) -> None:
    """Heal every fault that ``set_by`` set.

    :raises LabError: the lab can't be reached, or refuses.
    """
    for fault in lab.faults():
        if fault["setBy"] == set_by:
            lab.heal(fault["id"])


def insist(act: Callable[[], object], *, tries: int = _TRIES) -> None:
    """Try ``act`` again while the lab can't be reached, every half a second.

    :raises LabError: the last of ``tries`` failed too.
    """
    for _ in range(tries - 1):
        try:
            act()
        except LabError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    act()
