"""What an experiment does. Each function is an action of Chaos Toolkit's ``python`` provider.

The lab is found by the experiment's configuration (`experiments.lab.DEFAULT_URLS` names the keys).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chaoslib.exceptions import ActivityFailed

from experiments.lab import LabError
from experiments.session import SET_BY, current

if TYPE_CHECKING:
    from collections.abc import Mapping

    Configuration = Mapping[str, Any] | None

_MOST_ORDERS = 100_000
_HEAL_TRIES = 20
_HEAL_PAUSE_SECONDS = 0.5


def place_orders(
    count: int = 1,
    clients: int = 1,
    rate: float = 0,
    sku: str = "",
    configuration: Configuration = None,
) -> dict[str, Any]:
    """Place ``count`` orders from ``clients`` clients, at ``rate`` a second when it is over 0.

    Returns how many were acknowledged (``ok``), refused (``fail``) and left unknown (``info``).
    """
    if not 1 <= count <= _MOST_ORDERS:
        raise ActivityFailed(f"count must be from 1 to {_MOST_ORDERS}")
    session = current(configuration)
    before = len(session.workload.history.operations)
    try:
        session.workload.place(
            count, clients=clients, rate=rate or None, body={"sku": sku} if sku else None
        )
    except LabError as error:
        raise ActivityFailed(str(error)) from error
    session.placed = list(session.workload.history.operations)[before:]
    outcomes = [operation.outcome for operation in session.placed]
    return {outcome: outcomes.count(outcome) for outcome in ("ok", "fail", "info")}


def set_fault(
    target: str,
    kind: str,
    level: str = "",
    ttl_seconds: float = 600,
    parameters: Mapping[str, Any] | None = None,
    configuration: Configuration = None,
) -> dict[str, Any]:
    """Set a fault; it heals itself after ``ttl_seconds`` should the experiment not get to it."""
    session = current(configuration)
    asked: dict[str, Any] = {
        "target": target,
        "kind": kind,
        "ttlSeconds": ttl_seconds,
        "setBy": SET_BY,
        **(parameters or {}),
    }
    if level:
        asked["level"] = level
    session.fault_asked()
    try:
        fault: dict[str, Any] = session.lab.ask("POST", "observer_url", "/api/faults", json=asked)
    except LabError as error:
        raise ActivityFailed(str(error)) from error
    session.fault_set(fault)
    return fault


def heal_faults(configuration: Configuration = None) -> bool:
    """Heal every fault that an experiment set, trying again while the lab can't be reached."""
    session = current(configuration)
    for attempt in range(1, _HEAL_TRIES + 1):
        try:
            for fault in session.lab.faults():
                if fault["setBy"] == SET_BY:
                    session.lab.ask("DELETE", "observer_url", f"/api/faults/{fault['id']}")
            break
        except LabError as error:
            if attempt == _HEAL_TRIES:
                raise ActivityFailed(str(error)) from error
            time.sleep(_HEAL_PAUSE_SECONDS)
    session.faults_healed()
    return True


def wait(seconds: float = 1) -> float:
    """Let ``seconds`` pass."""
    time.sleep(seconds)
    return seconds


def set_defences(
    names: list[str] | None = None, mode: str = "", configuration: Configuration = None
) -> dict[str, Any]:
    """Turn on the defences named and every other one off; ``mode`` is set when it is given."""
    session = current(configuration)
    wanted = set(names or [])
    try:
        known = session.lab.ask("GET", "observer_url", "/api/defences")["defences"]
        every = {each["name"] for each in known}
        if wanted - every:
            raise ActivityFailed(f"unknown defences: {', '.join(sorted(wanted - every))}")
        asked: dict[str, Any] = {name: name in wanted for name in every}
        if mode:
            asked["mode"] = mode
        told: dict[str, Any] = session.lab.ask("PATCH", "observer_url", "/api/defences", json=asked)
    except LabError as error:
        raise ActivityFailed(str(error)) from error
    return told
