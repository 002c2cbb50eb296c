"""Measuring one cell: defences on, fault set, orders placed, fault healed, quiet, check."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from experiments.checker.check import check
from experiments.checker.settling import pending, wait_for_quiet, wait_until_still
from experiments.checker.workload import Workload
from experiments.errors import PreconditionError
from experiments.healing import heal, insist
from experiments.matrix.spec import COLUMNS, ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from base.lab import Lab
    from experiments.checker.check import Verdict
    from experiments.matrix.spec import Cell

SET_BY = "matrix"
"""Who set a fault, when the matrix did."""

_REPAIRING = {"outbox", "callback_outbox", "reconciliation"}
# A relay tries again within its longest wait of 3 s, and each try takes up to 0.8 s; else nothing
# more comes than what a slow worker still does.
_STILL_SECONDS = {True: 4.5, False: 1.6}
# Among hundreds of orders that nothing will ever decide, those of other cells, a round of the
# reconciliation takes some seconds, and an order may have to wait for the next one.
_ROUND_SECONDS = 15.0
_MOST_SECONDS = 20.0
_STEADY_SECONDS = 15.0
_STEADY_PAUSE_SECONDS = 0.5
_FAULT_SECONDS = 120
_FIRST_OFFENDERS = 3


class CellRunner:
    """Measures cells of one lab, one after the other."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        # Reservations of before the first cell are of no cell.
        _, self._cursor = lab.reservations_after("")

    def run(self, cell: Cell, *, defences: Mapping[str, bool]) -> dict[str, Any]:
        """Measure ``cell``; of the lab's ``defences`` only those of its row are on.

        Returns the cell's part of ``run.json``: counts, anomalies with their first offenders, what
        the clients waited and what the cell took.

        :raises LabError: the lab can't be asked, or refuses.
        :raises PreconditionError: without a fault no order is confirmed.
        """
        began = time.monotonic()
        since = datetime.now(UTC)
        on = ROWS[cell.row]
        self.lab.switch_defences({name: name in on for name in defences})
        self._wait_for_steady_state()
        workload = Workload(self.lab)
        fault = COLUMNS[cell.column]
        self._set_fault(fault)
        try:
            _place(workload, cell.offsets)
        finally:
            if fault:
                insist(lambda: heal(self.lab, set_by=SET_BY))
        self._wait_until_done(workload, on, since=since)
        verdict = self._judge(workload, since=since)
        waited = [operation.latency_ms for operation in workload.history.operations]
        return {
            "row": cell.row,
            "column": cell.column,
            **_counts(verdict),
            "medianMs": round(statistics.median(waited)),
            "slowestMs": round(max(waited)),
            "seconds": round(time.monotonic() - began, 1),
        }

    def _wait_for_steady_state(self) -> None:
        """Place orders, of no cell, until one is confirmed at once: then breakers are closed."""
        probe = Workload(self.lab)
        until = time.monotonic() + _STEADY_SECONDS
        while probe.place_one().status != "CONFIRMED":
            if time.monotonic() > until:
                raise PreconditionError("error.not_steady")
            time.sleep(_STEADY_PAUSE_SECONDS)

    def _set_fault(self, fault: Mapping[str, Any]) -> None:
        if fault:
            self.lab.set_fault({**fault, "ttlSeconds": _FAULT_SECONDS, "setBy": SET_BY})

    def _wait_until_done(
        self, workload: Workload, defences: Sequence[str], *, since: datetime
    ) -> None:
        operations = workload.history.operations
        ours = {operation.request_id for operation in operations}

        def look() -> tuple[int, int]:
            # An order that is decided may yet be reserved again, by a relay that had no answer.
            done, _ = self.lab.reservations_after(self._cursor)
            count = sum(each["requestId"] in ours for each in done)
            return pending(self.lab, operations, since=since), count

        still = _STILL_SECONDS[not _REPAIRING.isdisjoint(defences)]
        wait_for_quiet(
            self.lab,
            operations,
            still_seconds=_ROUND_SECONDS if "reconciliation" in defences else still,
            most_seconds=_MOST_SECONDS,
            since=since,
        )
        wait_until_still(look, still_seconds=still, most_seconds=_MOST_SECONDS)

    def _judge(self, workload: Workload, *, since: datetime) -> Verdict:
        reservations, self._cursor = self.lab.reservations_after(self._cursor)
        return check(
            workload.history.operations,
            orders=self.lab.orders(since=since),
            reservations=reservations,
            stock=self.lab.stock(),
        )


def _place(workload: Workload, offsets: Sequence[float]) -> None:
    """Place an order at each of ``offsets``, in seconds from now, each by a client of its own."""
    began = time.monotonic()

    def place(offset: float) -> None:
        time.sleep(max(0.0, began + offset - time.monotonic()))
        workload.place_one()

    with ThreadPoolExecutor(max_workers=len(offsets)) as pool:
        list(pool.map(place, offsets))


def _counts(verdict: Verdict) -> dict[str, Any]:
    outcomes = verdict.outcomes
    wrong = {kind: found for kind, found in verdict.anomalies.items() if found}
    return {
        "ok": verdict.ok,
        "orders": verdict.operations,
        "acknowledged": outcomes["ok"],
        "notTaken": outcomes["fail"],
        "unknown": outcomes["info"],
        "reservations": verdict.reservations,
        "anomalies": {kind: len(found) for kind, found in wrong.items()},
        "offenders": {
            kind: [each["orderId"] or each["requestId"] for each in found[:_FIRST_OFFENDERS]]
            for kind, found in wrong.items()
        },
        "stockNotConserved": len(verdict.stock),
    }
