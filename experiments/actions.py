"""What an experiment does. Each function is an action of Chaos Toolkit's ``python`` provider.

The lab is found by the experiment's configuration (`base.lab.DEFAULT_URLS` names the keys).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.errors import ActivityError
from experiments.healing import heal, insist
from experiments.runs.session import SET_BY, current, reporting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.runs.session import Session

    Configuration = Mapping[str, Any] | None

_MOST_ORDERS = 100_000
_MOST_REQUESTS = 1_000


def place_orders(
    count: int = 1,
    clients: int = 1,
    rate: float = 0,
    sku: str = "",
    ask_again: int = 0,
    configuration: Configuration = None,
) -> dict[str, Any]:
    """Place ``count`` orders from ``clients`` clients, at ``rate`` a second when it is over 0.

    A client that got no answer, or one that leaves it open, repeats its request ``ask_again``
    times, or more often where it has an ``Idempotency-Key`` to repeat it with.

    Returns how many were acknowledged (``ok``), refused (``fail``) and left unknown (``info``).
    """
    session = current(configuration)
    before = len(session.workload.history.operations)
    with reporting(session):
        if not 1 <= count <= _MOST_ORDERS:
            raise ActivityError("error.bounds", name="count", least=1, most=_MOST_ORDERS)
        session.workload.repeats = ask_again
        session.workload.place(
            count, clients=clients, rate=rate or None, body={"sku": sku} if sku else None
        )
    session.placed = list(session.workload.history.operations)[before:]
    return _outcomes(session)


def send_action(
    name: str, count: int = 1, rate: float = 0, configuration: Configuration = None
) -> dict[str, Any]:
    """Send the action ``name`` of the system ``count`` times, at ``rate`` a second when over 0.

    The lab's own client sends it, ten at once without a rate. Returns how many were answered
    without an error (``ok``), certainly not done (``fail``) and left unknown (``info``).
    """
    session = current(configuration)
    with reporting(session):
        if not 1 <= count <= _MOST_REQUESTS:
            raise ActivityError("error.bounds", name="count", least=1, most=_MOST_REQUESTS)
        session.placed = session.requests.send(name, count=count, rate=rate)
    return _outcomes(session)


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
    request: dict[str, Any] = {
        "target": target,
        "kind": kind,
        "ttlSeconds": ttl_seconds,
        "setBy": SET_BY,
        **(parameters or {}),
    }
    if level:
        request["level"] = level
    session.fault_requested()
    with reporting(session):
        fault = session.lab.set_fault(request)
    session.fault_set(fault)
    return fault


def heal_faults(configuration: Configuration = None) -> bool:
    """Heal every fault that an experiment set, trying again while the lab can't be reached."""
    session = current(configuration)
    with reporting(session):
        insist(lambda: heal(session.lab, set_by=SET_BY))
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
    chosen = set(names or [])
    with reporting(session):
        known = session.lab.defences().keys()
        if chosen - known:
            raise ActivityError("error.unknown_defences", names=", ".join(sorted(chosen - known)))
        request: dict[str, Any] = {name: name in chosen for name in known}
        if mode:
            request["mode"] = mode
        return session.lab.switch_defences(request)


def _outcomes(session: Session) -> dict[str, Any]:
    outcomes = [operation.outcome for operation in session.placed]
    return {outcome: outcomes.count(outcome) for outcome in ("ok", "fail", "info")}
