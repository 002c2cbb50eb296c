"""The lab as this room meets it: over HTTP, like any page or script."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings

from lesson.account import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 20.0
_MOST_LOGS = 1_000
_NAIVE_MODE = "availability"

_local = threading.local()


class LabError(Exception):
    """The lab did not do what was asked of it; the text says what and why."""


def faults() -> list[dict[str, Any]]:
    """List the faults in force, hidden ones included."""
    found: list[dict[str, Any]] = _observer("GET", "/api/faults", params={"hidden": "1"})["faults"]
    return found


def set_fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    """Set a fault and return it."""
    made: dict[str, Any] = _observer("POST", "/api/faults", json=dict(fault))
    return made


def heal(fault_id: str) -> None:
    """Heal one fault; it may be over already."""
    _observer("DELETE", f"/api/faults/{fault_id}", missing_ok=True)


def heal_all() -> None:
    """Heal every fault."""
    _observer("DELETE", "/api/faults")


def defences_on() -> dict[str, Any]:
    """Name the defences that are on, and the mode when it is not naive, each with what ends it."""
    told = _observer("GET", "/api/defences")
    off: dict[str, Any] = {each["name"]: False for each in told["defences"] if each["on"]}
    return off | ({"mode": _NAIVE_MODE} if told.get("mode", _NAIVE_MODE) != _NAIVE_MODE else {})


def switch(defences: Mapping[str, Any]) -> None:
    """Switch defences."""
    _observer("PATCH", "/api/defences", json=dict(defences))


def experiment_runs() -> bool:
    """Whether an experiment goes on."""
    runs = _observer("GET", "/api/runs")["runs"]
    return bool(runs) and runs[0]["status"] == "running"


def newest_orders(limit: int) -> list[dict[str, Any]]:
    """List the newest orders, as the API itself holds them."""
    url = f"{settings.LAB_API_URL}/orders"
    orders: list[dict[str, Any]] = _ask("GET", url, params={"limit": str(limit)})["orders"]
    return orders


def api_logs() -> list[dict[str, Any]]:
    """List the newest lines of the API's own log, in order of time."""
    asked = {"service": "api", "limit": str(_MOST_LOGS)}
    logs: list[dict[str, Any]] = _observer("GET", "/api/logs", params=asked)["logs"]
    return sorted(logs, key=lambda line: int(line["timeUnixNano"]))


def account_of(order_id: str) -> tuple[Account, str] | None:
    """Return what the records say of an order, and its trace; None when there are none yet."""
    traces = _observer("GET", "/api/traces", params={"orderId": order_id})["traces"]
    if not traces:
        return None
    trace_id = str(traces[-1]["traceId"])
    evidence = _observer("GET", f"/api/traces/{trace_id}/evidence", params={"perspective": "all"})
    asked = {"orderId": order_id, "service": "api"}
    logs = _observer("GET", "/api/logs", params=asked)["logs"]
    return Account(evidence, logs, len(traces)), trace_id


def _observer(method: str, path: str, **options: Any) -> Any:
    return _ask(method, f"{settings.LAB_OBSERVER_URL}{path}", **options)


def _ask(method: str, url: str, *, missing_ok: bool = False, **options: Any) -> Any:
    try:
        answer = _session().request(method, url, timeout=_SECONDS, **options)
    except requests.RequestException as error:
        raise LabError(f"{method} {url}: {type(error).__name__}") from error
    if missing_ok and answer.status_code == requests.codes.not_found:
        return None
    if not answer.ok:
        raise LabError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else None


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
        # Proxies of the environment would put a stranger in between.
        session.trust_env = False
    return session
