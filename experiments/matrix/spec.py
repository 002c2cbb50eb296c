"""Which matrix is to be measured: its rows, its columns, and the plan of its cells. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from base.timestamps import now
from experiments.errors import MatrixSpecError, NeedsOrdersError
from systems.current import SYSTEM
from systems.orders import API_TO_WORKER, WORKER, WORKER_TO_API, is_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from systems.system import System

TITLE = "Defences against faults"

MOST_ORDERS = 100
"""Orders per cell, at most."""

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
    "jobs-cut": {"target": API_TO_WORKER, "kind": "cut"},
    "jobs-lost": {"target": API_TO_WORKER, "kind": "request_lost"},
    "answers-lost": {"target": API_TO_WORKER, "kind": "response_lost"},
    "jobs-twice": {"target": API_TO_WORKER, "kind": "duplicate"},
    "callbacks-cut": {"target": WORKER_TO_API, "kind": "cut"},
    "worker-slow": {"target": WORKER, "kind": "slow", "ms": 1_200},
    "worker-crash": {"target": WORKER, "kind": "crash"},
}
"""The fault that is in force while a column's orders are placed, by its name."""

_MOST_GAP_SECONDS = 0.06


def check_whole(system: System = SYSTEM) -> None:
    """Check that ``system`` has what a matrix is measured with.

    :raises NeedsOrdersError: it lacks a service or a link of the orders' system.
    """
    if not is_whole(system):
        raise NeedsOrdersError


@dataclass(frozen=True, slots=True)
class MatrixSpec:
    """A matrix to be measured: orders per cell, the seed, names of `ROWS` and of `COLUMNS`.

    :raises MatrixSpecError: it can't be run.
    """

    orders: int = 6
    seed: int = 1
    rows: Sequence[str] = field(default_factory=lambda: list(ROWS))
    columns: Sequence[str] = field(default_factory=lambda: list(COLUMNS))

    def __post_init__(self) -> None:
        if not 1 <= self.orders <= MOST_ORDERS:
            raise MatrixSpecError("error.bounds", name="orders", least=1, most=MOST_ORDERS)
        for name, given, known in (
            ("defences", self.rows, ROWS),
            ("faults", self.columns, COLUMNS),
        ):
            if not given or not set(given) <= set(known):
                raise MatrixSpecError("error.names", name=name, known=", ".join(known))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its row, its column, and the seconds after its start when orders are placed."""

    row: str
    column: str
    offsets: tuple[float, ...]


def plan(spec: MatrixSpec) -> list[Cell]:
    """List the cells in the order in which they run; each seed has its own gaps between orders."""
    return [
        Cell(row, column, _offsets(spec, f"{spec.seed} {row} {column}"))
        for row in spec.rows
        for column in spec.columns
    ]


def new_state(spec: MatrixSpec, *, run_id: str) -> dict[str, Any]:
    """Describe a matrix of which nothing has been measured yet, for ``run.json`` and the wire."""
    return {
        "runId": run_id,
        "name": "matrix",
        "title": TITLE,
        "status": "running",
        "startedAt": now(),
        "endedAt": None,
        "reason": "",
        "ordersEach": spec.orders,
        "seed": spec.seed,
        "rows": [{"name": name, "defences": list(ROWS[name])} for name in spec.rows],
        "columns": [{"name": name, "fault": dict(COLUMNS[name])} for name in spec.columns],
        "total": len(spec.rows) * len(spec.columns),
        "current": None,
        "cells": [],
    }


def _offsets(spec: MatrixSpec, seed: str) -> tuple[float, ...]:
    chance = random.Random(seed)  # noqa: S311 (repeats a run)
    gaps = [chance.uniform(0, _MOST_GAP_SECONDS) for _ in range(spec.orders)]
    return tuple(sum(gaps[: number + 1]) for number in range(spec.orders))
