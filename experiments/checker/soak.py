"""A soak: orders and telemetry under a nemesis, then heal, quiet, and the checker's verdict."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from base.errors import LabError
from base.lab import Lab
from base.loops import DONE, Loop
from experiments.checker.check import check
from experiments.checker.killing import NotBackError
from experiments.checker.nemesis import strikes
from experiments.checker.sender import Sender
from experiments.checker.settling import pending, wait_until_still
from experiments.checker.workload import Workload
from experiments.healing import insist

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from experiments.checker.check import Verdict

    StrikeNext = Callable[[], float]

_HEAL_TRIES = 60
_STRIKE_SECONDS = 60.0
# On a busy machine an outbox takes long: who is still being served is not stuck.
_QUIET_SECONDS = 600.0
_STILL_SECONDS = 10.0
# On a busy machine an outbox may work for long at jobs whose orders are decided already.
_STILL_WITH_AN_OUTBOX_SECONDS = 60.0
_OUTBOXES = ("outbox", "callback_outbox")
_ORDERS_AT_ONCE = 1_000


class Soak:
    """One soak of one lab; ``report`` is called with a line about its progress."""

    def __init__(
        self, configuration: Mapping[str, Any] | None, *, report: Callable[[str], None]
    ) -> None:
        self.lab = Lab(configuration)
        self.workload = Workload(self.lab)
        self.sender = Sender(self.lab)
        self.faults: list[dict[str, Any]] = []
        self._report = report

    def run(
        self,
        strike: StrikeNext,
        *,
        orders: int | None,
        clients: int,
        rate: float,
        directory: Path,
    ) -> Verdict:
        """Place ``orders`` while ``strike`` is called again and again, then judge.

        ``strike`` does harm and returns the seconds until the next, or `base.loops.DONE`; where
        ``orders`` is None they are placed until then. ``rate`` a second at most: or else clients
        that are refused would soon have no orders left. History and verdict go to ``directory``.

        :raises LabError: the lab did not come to answer again.
        :raises NotBackError: ``strike`` has raised it: a process stays away.
        """
        done = threading.Event()
        given_up: list[NotBackError] = []

        def strike_or_give_up() -> float:
            try:
                return strike()
            except NotBackError as error:
                given_up.append(error)
                return DONE

        nemesis = Loop("nemesis", strike_or_give_up, finish=done.set)
        nemesis.start()
        self.sender.start()
        try:
            self._place(orders, until=done, clients=clients, rate=rate)
        finally:
            nemesis.stop(seconds=_STRIKE_SECONDS)
            self.sender.stop()
            insist(self.lab.heal_all, tries=_HEAL_TRIES)
        for error in given_up:
            raise error
        self._report("healed; waiting for quiet")
        self._wait_for_quiet()
        verdict = self._judge()
        insist(lambda: self._look_for_telemetry(verdict), tries=_HEAL_TRIES)
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in {
            "history": self.workload.history.as_json(),
            "faults": self.faults,
            "verdict": verdict.as_json(),
        }.items():
            (directory / f"{name}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
        return verdict

    def faults_by(self, seed: int) -> StrikeNext:
        """Return what sets the faults of ``seed`` one after the other; each ends by itself."""
        chosen = strikes(seed)

        def strike_next() -> float:
            strike = next(chosen)
            fault = strike.as_fault()
            try:
                self.lab.set_fault(fault)
                self.faults.append({**fault, "atMs": round(self.workload.now_ms())})
            except LabError as error:
                # A process that is down can't be paused as well: that is no failure of the soak.
                self._report(f"not set: {error}")
            return strike.lasts + strike.pause_after

        return strike_next

    def _place(
        self, orders: int | None, *, until: threading.Event, clients: int, rate: float
    ) -> None:
        if orders is not None:
            self.workload.place(orders, clients=clients, rate=rate)
            return

        def some() -> None:
            self.workload.place(_ORDERS_AT_ONCE, clients=clients, rate=rate, stop=until)

        while not until.is_set():
            # What it asks the observer first may be asked in vain.
            insist(some, tries=_HEAL_TRIES)

    def _look_for_telemetry(self, verdict: Verdict) -> None:
        verdict.telemetry_acknowledged = len(self.sender.acknowledged)
        verdict.telemetry_lost = self.sender.missing()

    def _wait_for_quiet(self) -> None:
        """Wait until nothing is left to settle, or its number has stood still for a while."""
        defences = self.lab.defences()
        waits_longer = any(defences.get(name) for name in _OUTBOXES)
        wait_until_still(
            self._unsettled,
            still_seconds=_STILL_WITH_AN_OUTBOX_SECONDS if waits_longer else _STILL_SECONDS,
            most_seconds=_QUIET_SECONDS,
            enough=lambda count: not count,
        )

    def _unsettled(self) -> int:
        """Count the orders that are PENDING; of none, those cancelled whose stock is still held.

        As long as a service is still coming up again, that is one more than there are.
        """
        operations = self.workload.history.operations
        try:
            # To read all that both services hold, again and again, would hold up their outboxes.
            left = pending(self.lab, operations)
            return left or len(self._judge().anomalies["reserved_for_cancelled"])
        except LabError:
            return len(operations) + 1

    def _judge(self) -> Verdict:
        return check(
            self.workload.history.operations,
            orders=self.lab.orders(),
            reservations=self.lab.reservations(),
            stock=self.lab.stock(),
        )
