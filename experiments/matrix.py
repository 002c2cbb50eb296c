"""The matrix: every defence against every fault, each cell a run of its own with real counts."""

from __future__ import annotations

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from experiments.checker import check
from experiments.lab import Lab, LabError
from experiments.progress import now
from experiments.settling import pending, wait_for_quiet, wait_until_still
from experiments.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from experiments.checker import Verdict

SET_BY = "matrix"
"""Who set a fault, when the matrix did."""

TITLE = "Defences against faults"

MOST_ORDERS = 100
"""Orders a cell, at most."""

ROWS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "retry": ("retry",),
    "outbox": ("outbox",),
    "idempotent_jobs": ("idempotent_jobs",),
    "callback_outbox": ("callback_outbox",),
    "reconciliation": ("reconciliation",),
    "circuit_breaker": ("circuit_breaker",),
    "deadline": ("deadline",),
    "consistency": ("consistency",),
    "survivors": ("outbox", "idempotent_jobs", "callback_outbox", "reconciliation"),
}
"""Defences that are on together, by the name of their row."""

COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "jobs-cut": {"target": "api-to-worker", "kind": "cut"},
    "jobs-lost": {"target": "api-to-worker", "kind": "request_lost"},
    "answers-lost": {"target": "api-to-worker", "kind": "response_lost"},
    "jobs-twice": {"target": "api-to-worker", "kind": "duplicate"},
    "callbacks-cut": {"target": "worker-to-api", "kind": "cut"},
    "worker-slow": {"target": "worker", "kind": "slow", "ms": 1_200},
    "worker-crash": {"target": "worker", "kind": "crash"},
}
"""The fault that is in force while a column's orders are placed, by its name."""

_REPAIRING = {"outbox", "callback_outbox", "reconciliation"}
# A relay tries again within its longest wait of 3 s, and each try takes up to 0.8 s; else nothing
# more comes than what a slow worker still does.
_STILL_SECONDS = {True: 4.5, False: 1.6}
# Among hundreds of orders that nothing will ever decide, those of other cells, a round of the
# reconciliation takes some seconds, and an order may have to wait for the next one.
_ROUND_SECONDS = 15.0
_MOST_SECONDS = 20.0
_STEADY_SECONDS = 15.0
_FAULT_SECONDS = 120
_MOST_GAP_SECONDS = 0.06
_TRIES = 20
_PAUSE_SECONDS = 0.5
_FIRST_OFFENDERS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to be run: its row, its column, and when after its start each order is placed."""

    row: str
    column: str
    offsets: tuple[float, ...]


@dataclass
class Wanted:
    """A matrix to be run: so many orders a cell, some rows and columns, and the seed."""

    orders: int = 6
    seed: int = 1
    rows: Sequence[str] = field(default_factory=lambda: list(ROWS))
    columns: Sequence[str] = field(default_factory=lambda: list(COLUMNS))

    def check(self) -> None:
        """Refuse what can't be run.

        :raises ValueError: the text says what is wrong.
        """
        if not 1 <= self.orders <= MOST_ORDERS:
            raise ValueError(f"orders must be from 1 to {MOST_ORDERS}")
        for name, given, known in (
            ("defences", self.rows, ROWS),
            ("faults", self.columns, COLUMNS),
        ):
            if not given or not set(given) <= set(known):
                raise ValueError(f"{name} must be some of {', '.join(known)}")


def plan(wanted: Wanted) -> list[Cell]:
    """Say which cells are run in which order; each seed has its own gaps between orders. Pure."""
    cells = []
    for row in wanted.rows:
        for column in wanted.columns:
            chance = random.Random(f"{wanted.seed} {row} {column}")  # noqa: S311 (repeats a run)
            gaps = [chance.uniform(0, _MOST_GAP_SECONDS) for _ in range(wanted.orders)]
            cells.append(Cell(row, column, tuple(sum(gaps[: n + 1]) for n in range(wanted.orders))))
    return cells


def new_state(wanted: Wanted, *, run_id: str) -> dict[str, Any]:
    """Describe a matrix of which nothing has been measured yet."""
    return {
        "runId": run_id,
        "name": "matrix",
        "title": TITLE,
        "status": "running",
        "startedAt": now(),
        "endedAt": None,
        "reason": "",
        "ordersEach": wanted.orders,
        "seed": wanted.seed,
        "rows": [{"name": name, "defences": list(ROWS[name])} for name in wanted.rows],
        "columns": [{"name": name, "fault": dict(COLUMNS[name])} for name in wanted.columns],
        "total": len(wanted.rows) * len(wanted.columns),
        "current": None,
        "cells": [],
    }


class Matrix:
    """Runs a plan against one lab; ``changed`` hears of the state after every cell."""

    def __init__(
        self,
        configuration: Mapping[str, Any] | None,
        *,
        wanted: Wanted,
        run_id: str,
        changed: Callable[[dict[str, Any]], None],
    ) -> None:
        self.lab = Lab(configuration)
        self._plan = plan(wanted)
        self._changed = changed
        self._cursor = ""
        self.state = new_state(wanted, run_id=run_id)

    def run(self) -> dict[str, Any]:
        """Run every cell; heal, and turn the defences back to what they were, whatever happens.

        The state's ``status`` is ``completed``, ``aborted`` or ``failed``, with its ``reason``.
        """
        before: dict[str, bool] | None = None
        try:
            before = self._before()
            for cell in self._plan:
                self.state["current"] = {"row": cell.row, "column": cell.column}
                self._changed(self.state)
                self.state["cells"].append(self._cell(cell, before))
            self.state["status"] = "completed"
        except KeyboardInterrupt:
            self.state |= {"status": "aborted", "reason": "stopped"}
        except LabError as error:
            self.state |= {"status": "failed", "reason": str(error)}
        finally:
            self._restore(before)
        self.state |= {"current": None, "endedAt": now()}
        self._changed(self.state)
        return self.state

    def _before(self) -> dict[str, bool]:
        faults = self.lab.faults()
        if faults:
            raise LabError(f"{len(faults)} faults are in force: heal them first")
        _, self._cursor = self.lab.reservations_after("")
        listed = self.lab.ask("GET", "observer_url", "/api/defences")["defences"]
        on = {each["name"]: bool(each["on"]) for each in listed}
        missing = {name for cell in self._plan for name in ROWS[cell.row]} - on.keys()
        if missing:
            raise LabError(f"this lab has no defence {', '.join(sorted(missing))}")
        return on

    def _cell(self, cell: Cell, known: Mapping[str, bool]) -> dict[str, Any]:
        began = time.monotonic()
        since = datetime.now(UTC)
        defences = ROWS[cell.row]
        self._turn({name: name in defences for name in known})
        self._wait_for_steady_state()
        workload = Workload(self.lab)
        fault = self._set(COLUMNS[cell.column])
        try:
            _place(workload, cell.offsets)
        finally:
            if fault:
                self._heal()
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
        reservations, self._cursor = self.lab.reservations_after(self._cursor)
        verdict = check(
            operations,
            orders=self.lab.orders(since=since),
            reservations=reservations,
            stock=self.lab.stock(),
        )
        waited = [operation.latency_ms for operation in operations]
        return {
            "row": cell.row,
            "column": cell.column,
            **_counts(verdict),
            "medianMs": round(statistics.median(waited)),
            "slowestMs": round(max(waited)),
            "seconds": round(time.monotonic() - began, 1),
        }

    def _wait_for_steady_state(self) -> None:
        """Place orders, of no cell, until one is confirmed at once: a breaker has closed by then.

        :raises LabError: none was.
        """
        probe = Workload(self.lab)
        until = time.monotonic() + _STEADY_SECONDS
        while probe.place_one().status != "CONFIRMED":
            if time.monotonic() > until:
                raise LabError("without a fault no order is confirmed")
            time.sleep(_PAUSE_SECONDS)

    def _set(self, fault: Mapping[str, Any]) -> bool:
        if fault:
            asked = {**fault, "ttlSeconds": _FAULT_SECONDS, "setBy": SET_BY}
            self.lab.ask("POST", "observer_url", "/api/faults", json=asked)
        return bool(fault)

    def _heal(self) -> None:
        def heal() -> None:
            for fault in self.lab.faults():
                if fault["setBy"] == SET_BY:
                    self.lab.ask("DELETE", "observer_url", f"/api/faults/{fault['id']}")

        _insist(heal)

    def _turn(self, defences: Mapping[str, bool]) -> None:
        self.lab.ask("PATCH", "observer_url", "/api/defences", json=dict(defences))

    def _restore(self, before: Mapping[str, bool] | None) -> None:
        if before is None:
            return
        try:
            self._heal()
            _insist(lambda: self._turn(before))
        except LabError as error:
            self.state |= {"status": "failed", "reason": f"not put back: {error}"}


def _place(workload: Workload, offsets: Sequence[float]) -> None:
    """Place an order at each of ``offsets``, in seconds from now, each by a client of its own."""
    began = time.monotonic()

    def one(offset: float) -> None:
        time.sleep(max(0.0, began + offset - time.monotonic()))
        workload.place_one()

    with ThreadPoolExecutor(max_workers=len(offsets)) as pool:
        list(pool.map(one, offsets))


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


def _insist(act: Callable[[], None]) -> None:
    """Try again while the lab can't be reached.

    :raises LabError: it could not for too long.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            act()
        except LabError:
            if attempt == _TRIES:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
