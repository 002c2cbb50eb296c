"""Orders as both services hold them: what the API believes beside what the worker has done.

Both are asked out of band, so that no fault of a link hides a side, and asking leaves no record.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings

from base.client import LabClient
from base.errors import LabError
from systems.current import SYSTEM
from systems.orders import WORKER, is_run, takes_orders
from telemetry.reading import queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telemetry.reading.queries import TraceSummary

_TIMEOUT_SECONDS = 1.5
_UNKNOWN = "unknown"


def orders(*, limit: str, cursor: str) -> dict[str, Any]:
    """List orders, newest first, a page at a time, with reservation and trace.

    A side that does not answer in time is reported as unreachable, and what it holds is
    ``"unknown"``: the list never takes one side's word for the other's.

    :raises LabError: ``limit`` or ``cursor`` is wrong; its ``detail`` says which, and why.
    """
    return _listed({"limit": limit, **({"cursor": cursor} if cursor else {})})


def of_orders(order_ids: Sequence[str]) -> dict[str, Any]:
    """List these orders, those that the API knows, in the same form."""
    return _listed({"orderIds": ",".join(order_ids)})


def _listed(parameters: Mapping[str, str]) -> dict[str, Any]:
    if not takes_orders(SYSTEM):
        return {"orders": [], "next": None, "apiAnswers": True, "workerAnswers": True}
    page = _ask(settings.LAB_API_URL, "orders", parameters)
    listed: list[dict[str, Any]] = page["orders"] if page else []
    ids = [order["orderId"] for order in listed]
    reserved = _reservations(ids)
    traces = queries.summaries_of_orders(ids)
    return {
        "orders": [_both(order, reserved, traces.get(order["orderId"])) for order in listed],
        "next": page["next"] if page else None,
        "apiAnswers": page is not None,
        # Of a worker that is not the lab's nobody knows how to ask.
        "workerAnswers": reserved is not None or not is_run(WORKER, SYSTEM),
    }


def _both(
    order: Mapping[str, Any],
    reserved: Mapping[str, Any] | None,
    trace: TraceSummary | None,
) -> dict[str, Any]:
    reported: dict[str, Any] = {
        **order,
        "reservation": _UNKNOWN if reserved is None else reserved.get(order["orderId"]),
        "traceId": None,
        "errorKinds": [],
        "durationMs": None,
    }
    if trace is not None:
        row = trace.row
        reported |= {
            "traceId": row.trace_id,
            "errorKinds": sorted({each.error_kind for each in trace.services} - {""}),
            "durationMs": round((row.end_ns - row.start_ns) / 1e6, 3),
        }
    return reported


def _reservations(ids: list[str]) -> dict[str, Any] | None:
    if not ids:
        return {}
    if not is_run(WORKER, SYSTEM):
        return None
    answer = _ask(settings.LAB_WORKER_URL, "reservations", {"orderIds": ",".join(ids)})
    return None if answer is None else {each["orderId"]: each for each in answer["reservations"]}


def _ask(base_url: str, name: str, params: Mapping[str, str]) -> dict[str, Any] | None:
    service = LabClient(base_url, secret=settings.LAB_SECRET, timeout_seconds=_TIMEOUT_SECONDS)
    try:
        body: dict[str, Any] = service.call("GET", f"/internal/state/{name}", params=params)
    except LabError as error:
        if error.status == HTTPStatus.BAD_REQUEST:
            raise
        return None
    return body
