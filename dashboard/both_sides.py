"""Orders as both services hold them: what the API believes beside what the worker has done.

Both are asked out of band, so that no fault of a link hides a side.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings

from telemetry import queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telemetry.queries import TraceSummary

_SECONDS = 1.5
_UNKNOWN = "unknown"

_local = threading.local()


class RefusedError(Exception):
    """The API refused the question; the text says why."""


def orders(*, limit: str, cursor: str) -> dict[str, Any]:
    """List orders, newest first, a page at a time, with reservation and trace.

    A side that does not answer in time is said to be unreachable, and what it holds is
    ``"unknown"``: the list never takes one side's word for the other's.

    :raises RefusedError: ``limit`` or ``cursor`` is wrong.
    """
    parameters = {"limit": limit, **({"cursor": cursor} if cursor else {})}
    page = _ask(f"{settings.LAB_API_URL}/orders", parameters)
    listed: list[dict[str, Any]] = page["orders"] if page else []
    ids = [order["orderId"] for order in listed]
    reserved = _reservations(ids)
    traces = queries.summaries_of_orders(ids)
    return {
        "orders": [_both(order, reserved, traces.get(order["orderId"])) for order in listed],
        "next": page["next"] if page else None,
        "apiAnswers": page is not None,
        "workerAnswers": reserved is not None,
    }


def _both(
    order: Mapping[str, Any],
    reserved: Mapping[str, Any] | None,
    trace: TraceSummary | None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        **order,
        "reservation": _UNKNOWN if reserved is None else reserved.get(order["orderId"]),
        "traceId": None,
        "errorKinds": [],
        "durationMs": None,
    }
    if trace is not None:
        row = trace.row
        told |= {
            "traceId": row.trace_id,
            "errorKinds": sorted({each.error_kind for each in trace.services} - {""}),
            "durationMs": round((row.end_ns - row.start_ns) / 1e6, 3),
        }
    return told


def _reservations(ids: list[str]) -> dict[str, Any] | None:
    if not ids:
        return {}
    answer = _ask(f"{settings.LAB_WORKER_URL}/reservations", {"orderIds": ",".join(ids)})
    return None if answer is None else {each["orderId"]: each for each in answer["reservations"]}


def _ask(url: str, parameters: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        answer = _session().get(url, params=parameters, timeout=_SECONDS)
        body: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError):
        return None
    if answer.status_code == requests.codes.bad_request:
        raise RefusedError(body.get("error", "the API refused the question"))
    return body if answer.ok else None


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
        # Proxies of the environment would put a stranger in between.
        session.trust_env = False
    return session
