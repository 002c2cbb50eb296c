"""A soak: orders under a nemesis, then heal, quiet, and the checker's verdict."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from experiments.checker import check
from experiments.lab import Lab, LabError
from experiments.nemesis import strikes
from experiments.settling import wait_until_still
from experiments.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from experiments.checker import Verdict

_HEAL_TRIES = 60
_QUIET_SECONDS = 180.0
# Longer than the lease of an outbox, after which the work of whoever has died is taken up again.
_STILL_SECONDS = 10.0
_LOOK_SECONDS = 0.5


class Soak:
    """One soak of one lab; ``say`` hears of its progress."""

    def __init__(
        self, configuration: Mapping[str, Any] | None, *, say: Callable[[str], None]
    ) -> None:
        self.lab = Lab(configuration)
        self.workload = Workload(self.lab)
        self.struck: list[dict[str, Any]] = []
        self._say = say

    def run(self, *, orders: int, seed: int, clients: int, rate: float, directory: Path) -> Verdict:
        """Place ``orders`` under the faults of ``seed``, then judge; keeps history and verdict.

        ``rate`` a second at most: or else clients that are refused would soon have no orders left.
        """
        over = threading.Event()
        nemesis = threading.Thread(target=self._strike, args=(seed, over), name="nemesis")
        nemesis.start()
        try:
            self.workload.place(orders, clients=clients, rate=rate)
        finally:
            over.set()
            nemesis.join()
            self._heal()
        self._say(f"{len(self.struck)} faults; healed; waiting for quiet")
        self._wait_for_quiet()
        verdict = self._judge()
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in {
            "history": self.workload.history.as_json(),
            "faults": self.struck,
            "verdict": verdict.as_json(),
        }.items():
            (directory / f"{name}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
        return verdict

    def _strike(self, seed: int, over: threading.Event) -> None:
        for strike in strikes(seed):
            if over.is_set():
                return
            fault = strike.as_fault()
            try:
                self.lab.ask("POST", "observer_url", "/api/faults", json=fault)
                self.struck.append({**fault, "atMs": round(self.workload.now_ms())})
            except LabError as error:
                # A process that is down can't be paused as well: that is no failure of the soak.
                self._say(f"not set: {error}")
            over.wait(strike.lasts + strike.peace)

    def _heal(self) -> None:
        for attempt in range(1, _HEAL_TRIES + 1):
            try:
                self.lab.ask("DELETE", "observer_url", "/api/faults")
                break
            except LabError:
                if attempt == _HEAL_TRIES:
                    raise
                time.sleep(_LOOK_SECONDS)

    def _wait_for_quiet(self) -> None:
        """Wait until nothing is left to settle, or its number has stood still for a while."""
        wait_until_still(
            self._unsettled,
            still_seconds=_STILL_SECONDS,
            most_seconds=_QUIET_SECONDS,
            enough=lambda count: not count,
        )

    def _unsettled(self) -> int:
        """Count the orders that are PENDING, or cancelled with their stock not yet released.

        As long as a service is still coming up again, that is one more than there are.
        """
        try:
            found = self._judge().anomalies
        except LabError:
            return len(self.workload.history.operations) + 1
        return len(found["stuck"]) + len(found["reserved_for_cancelled"])

    def _judge(self) -> Verdict:
        return check(
            self.workload.history.operations,
            orders=self.lab.orders(),
            reservations=self.lab.reservations(),
            stock=self.lab.stock(),
        )
