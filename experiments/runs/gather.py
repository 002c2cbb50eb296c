"""What a lab holds and has recorded of a run's orders: for its verdict and its report."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from base.errors import LabError
from base.message import Message
from experiments.checker.check import check
from experiments.checker.settling import wait_for_quiet, wait_until_still
from experiments.errors import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from base.lab import Lab
    from experiments.checker.history import Operation

MOST_TRACES = 8
_ALIKE = 2
_STILL_SECONDS = 1.0
_MOST_SECONDS = 10.0
_TRACE_SECONDS = 3.0
_LOOK_SECONDS = 0.1


def gather(lab: Lab, operations: Sequence[Operation], *, since: str) -> dict[str, Any]:
    """Return ``{verdict, final, traces}`` of ``operations``, or ``{problem}``; never raises.

    Of requests of actions there are only ``traces``. ``final`` maps each requestId to what both
    services hold: ``{status, reservations}``. Of traces that are of one sort, the first two are
    kept. ``since`` is when the run began, as the lab's APIs write times.
    """
    orders = [each for each in operations if not each.trace_id]
    requests = [each for each in operations if each.trace_id]
    try:
        gathered = _of_orders(lab, orders, since) if orders else {}
        traces = [*gathered.get("traces", []), *_of_requests(lab, requests)]
    except LabError as error:
        problem = Message("reason.not_gathered", {"error": message_of(error)})
        return {"problem": problem.as_json()}
    return {**gathered, "traces": traces} if operations else {}


def _of_orders(lab: Lab, operations: Sequence[Operation], since: str) -> dict[str, Any]:
    began = datetime.fromisoformat(since)
    wait_for_quiet(
        lab,
        operations,
        still_seconds=_STILL_SECONDS,
        most_seconds=_MOST_SECONDS,
        since=began,
    )
    ours = {operation.request_id for operation in operations}
    orders = [each for each in lab.orders(since=began) if each["requestId"] in ours]
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
        "traces": _traces(lab, operations, final, since),
    }


def _of_requests(lab: Lab, operations: Sequence[Operation]) -> list[dict[str, Any]]:
    sorts: dict[tuple[Any, ...], int] = {}
    chosen: list[str] = []
    for operation in operations:
        sort = (operation.action, operation.http_status, operation.error)
        sorts[sort] = sorts.get(sort, 0) + 1
        if operation.trace_id and sorts[sort] <= _ALIKE and len(chosen) < MOST_TRACES:
            chosen.append(operation.trace_id)

    def spans() -> int:
        return sum(len(lab.spans(trace_id)) for trace_id in chosen)

    if chosen:
        wait_until_still(spans, still_seconds=_STILL_SECONDS, most_seconds=_TRACE_SECONDS)
    found = ({"spans": lab.spans(each), "evidence": lab.evidence(each)} for each in chosen)
    return [each for each in found if each["evidence"] is not None]


def _traces(
    lab: Lab, operations: Sequence[Operation], final: dict[str, dict[str, Any]], since: str
) -> list[dict[str, Any]]:
    sorts: dict[tuple[Any, ...], int] = {}
    found: list[dict[str, Any]] = []
    listed = _listed(lab, operations, since)
    for operation in operations:
        row = listed.get(operation.request_id)
        if row is None or len(found) == MOST_TRACES:
            continue
        held = final.get(operation.request_id, {})
        sort = (operation.outcome, *held.values(), *sorted(row["errorKinds"]))
        sorts[sort] = sorts.get(sort, 0) + 1
        if sorts[sort] <= _ALIKE:
            trace_id = row["traceId"]
            found.append({"spans": lab.spans(trace_id), "evidence": lab.evidence(trace_id)})
    return found


def _listed(lab: Lab, operations: Sequence[Operation], since: str) -> dict[str, dict[str, Any]]:
    """Map requestIds to their traces, once each acknowledged order has one or time is up."""
    acknowledged = {each.request_id for each in operations if each.outcome == "ok"}
    until = time.monotonic() + _TRACE_SECONDS
    while True:
        listed = {each["requestId"]: each for each in lab.traces_since(since)}
        if acknowledged <= listed.keys() or time.monotonic() > until:
            return listed
        time.sleep(_LOOK_SECONDS)
