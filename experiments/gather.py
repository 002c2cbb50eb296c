"""What a lab holds and has recorded of a run's orders: for its verdict and its report."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.checker import check
from experiments.lab import LabError
from experiments.settling import wait_for_quiet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.history import Operation
    from experiments.lab import Lab

MOST_TRACES = 8
_ALIKE = 2
_MOST_LOOKED_AT = 200
_STILL_SECONDS = 1.0
_MOST_SECONDS = 10.0
_TRACE_SECONDS = 3.0


def gather(lab: Lab, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return ``{verdict, final, traces}`` of ``operations``, or ``{problem}``; never raises.

    ``final`` maps each requestId to what both services hold: ``{status, reservations}``. Of traces
    that are of one sort, the first two are told.
    """
    if not operations:
        return {}
    try:
        wait_for_quiet(lab, operations, still_seconds=_STILL_SECONDS, most_seconds=_MOST_SECONDS)
        ours = {operation.request_id for operation in operations}
        orders = [each for each in lab.orders() if each["requestId"] in ours]
        reservations = [each for each in lab.reservations() if each["requestId"] in ours]
        verdict = check(operations, orders=orders, reservations=reservations, stock=lab.stock())
        final: dict[str, dict[str, Any]] = {
            each["requestId"]: {"status": each["status"], "reservations": 0} for each in orders
        }
        for each in reservations:
            held = final.setdefault(each["requestId"], {"status": "", "reservations": 0})
            held["reservations"] += each["status"] == "RESERVED"
        return {
            "verdict": verdict.as_json(),
            "final": final,
            "traces": _traces(lab, operations, final),
        }
    except LabError as error:
        return {"problem": f"The lab could not be asked what became of the orders: {error}"}


def _traces(
    lab: Lab, operations: Sequence[Operation], final: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    sorts: dict[tuple[Any, ...], int] = {}
    found: list[dict[str, Any]] = []
    for operation in operations[:_MOST_LOOKED_AT]:
        listed = _listed(lab, operation)
        if listed is None:
            continue
        held = final.get(operation.request_id, {})
        sort = (operation.outcome, *held.values(), *sorted(listed["errorKinds"]))
        sorts[sort] = sorts.get(sort, 0) + 1
        if sorts[sort] <= _ALIKE and len(found) < MOST_TRACES:
            path = f"/api/traces/{listed['traceId']}"
            found.append(
                {
                    "spans": lab.ask("GET", "observer_url", path)["spans"],
                    "evidence": lab.ask("GET", "observer_url", f"{path}/evidence"),
                }
            )
    return found


def _listed(lab: Lab, operation: Operation) -> dict[str, Any] | None:
    """Find the trace of an operation; the last spans of the last orders may be on their way."""
    until = time.monotonic() + _TRACE_SECONDS
    while True:
        traces: list[dict[str, Any]] = lab.ask(
            "GET", "observer_url", "/api/traces", params={"requestId": operation.request_id}
        )["traces"]
        if traces or operation.outcome != "ok" or time.monotonic() > until:
            return traces[0] if traces else None
        time.sleep(0.1)
