"""Faults in a service's own code, turned on and off through its door; it ends them by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from faults.fault import Fault
from faults.holders.holder import UnreachableError, ask

if TYPE_CHECKING:
    from collections.abc import Mapping

_SENDERS = {"api-to-worker": "api", "worker-to-api": "worker"}


class SwitchHolder:
    """The doors of the api and the worker, by name; ``urls`` are out of band, not over links."""

    self_healing = True

    def __init__(self, urls: Mapping[str, str], *, secret: str) -> None:
        self._urls = urls
        self._secret = secret

    def apply(self, fault: Fault) -> None:
        """Turn a fault on in the service that sends over the link, or that is the target."""
        body: dict[str, Any] = {
            "id": fault.id,
            "kind": fault.kind,
            "target": fault.target,
            **fault.parameters,
        }
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is not None:
            body["ttlSeconds"] = max(remaining, 0.001)
        self._ask("POST", service_of(fault), body=body)

    def heal(self, fault: Fault) -> None:
        """Turn a fault off. A service that does not run has forgotten it."""
        try:
            self._ask("DELETE", service_of(fault), path=f"/{fault.id}")
        except UnreachableError:
            return

    def replaces(self, fault: Fault) -> bool:
        """Each has its own id in the service."""
        del fault
        return False

    def heal_everything(self) -> None:
        """Turn off all that is on, in both services."""
        for service in self._urls:
            try:
                self._ask("DELETE", service)
            except UnreachableError:
                continue

    def held(self) -> set[str]:
        """Ids of all that is on."""
        return {each["id"] for service in self._urls for each in self.switched(service)}

    def found(self, ids: set[str]) -> list[Fault]:
        """Describe what is on under ``ids``: the services turned it on by their environment."""
        return [
            _fault(each)
            for service in self._urls
            for each in self.switched(service)
            if each["id"] in ids
        ]

    def switched(self, service: str) -> list[dict[str, Any]]:
        """Describe what is on in one service."""
        listed: list[dict[str, Any]] = self._ask("GET", service).json()["faults"]
        return listed

    def _ask(self, method: str, service: str, *, path: str = "", body: object = None) -> Any:
        url = f"{self._urls[service]}/internal/faults{path}"
        return ask(method, url, secret=self._secret, body=body)


def service_of(fault: Fault) -> str:
    """Name the service whose code does ``fault``."""
    return _SENDERS.get(fault.target, fault.target)


def _fault(told: Mapping[str, Any]) -> Fault:
    now = timezone.now()
    remaining = told.get("remainingSeconds")
    described = ("id", "target", "kind", "remainingSeconds")
    return Fault(
        id=told["id"],
        target=told["target"],
        kind=told["kind"],
        level="switch",
        created_at=now,
        parameters={name: value for name, value in told.items() if name not in described},
        expires_at=None if remaining is None else now + timedelta(seconds=remaining),
        set_by="environment",
    )
