"""Killing the lab's processes in turn; the supervisor starts each of them again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from base.errors import LabError
from base.loops import DONE
from base.process.listening import wait_until
from supervision import signalling

if TYPE_CHECKING:
    from collections.abc import Callable

    from base.client import LabClient

# Twice as long as the supervisor gives a process to start.
_BACK_SECONDS = 120.0
_PAUSE_SECONDS = (0.5, 2.0)


class NotBackError(Exception):
    """A process that was killed did not come up again."""


class Killing:
    """In each of ``rounds`` kills every process once, in an order by ``seed``.

    ``control`` is the supervisor's, with the lab's secret; ``kills`` gets one entry a kill.
    """

    def __init__(
        self,
        control: LabClient,
        *,
        rounds: int,
        seed: int,
        kills: list[dict[str, Any]],
        report: Callable[[str], None],
    ) -> None:
        self._control = control
        self._kills = kills
        self._chance = random.Random(seed)  # noqa: S311 (repeats a run, keeps no secret)
        self._rounds = rounds
        self._report = report
        self._turn: list[str] = []

    def strike(self) -> float:
        """Kill the next process, wait until all are up again, and return the pause after it.

        :raises LabError: the supervisor does not answer.
        :raises NotBackError: the process does not come up.
        """
        if not self._turn:
            if not self._rounds:
                return DONE
            self._rounds -= 1
            self._turn = sorted(self._processes())
            self._chance.shuffle(self._turn)
        name = self._turn.pop()
        pid = self._processes()[name]["pid"]
        if pid is not None:
            signalling.kill(pid)
            self._kills.append({"target": name, "kind": "kill", "pid": pid})
            self._report(f"killed {name}, process {pid}")
        if not wait_until(lambda: self._all_run(but=pid), seconds=_BACK_SECONDS):
            raise NotBackError(f"{name} did not come up again in {_BACK_SECONDS:.0f} s")
        return self._chance.uniform(*_PAUSE_SECONDS)

    def _all_run(self, *, but: int | None) -> bool:
        try:
            listed = self._processes().values()
        except LabError:
            return False
        return all(each["state"] == "running" and each["pid"] not in (None, but) for each in listed)

    def _processes(self) -> dict[str, dict[str, Any]]:
        listed = self._control.call("GET", "/processes")["processes"]
        return {each["name"]: each for each in listed}
