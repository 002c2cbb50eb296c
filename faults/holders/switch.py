"""Faults in a service's own code, set over HTTP; the service ends them by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from base.client import LabClient
from base.errors import LabError, LabFailure
from faults.fault import Fault
from faults.holders.holder import TIMEOUT_SECONDS, Holder, holder_errors
from systems.current import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = "/internal/faults"
_SENDERS = {each.name: each.sender for each in SYSTEM.links}


class SwitchHolder(Holder):
    """The services by name; ``urls`` are out of band, not over links."""

    def __init__(self, urls: Mapping[str, str], *, secret: str) -> None:
        self._services = {
            name: LabClient(url, secret=secret, timeout_seconds=TIMEOUT_SECONDS)
            for name, url in urls.items()
        }

    def apply(self, fault: Fault) -> None:
        """Set a fault in the service that sends over the link, or that is the target."""
        body: dict[str, Any] = {
            "id": fault.id,
            "kind": fault.kind,
            "target": fault.target,
            **fault.parameters,
        }
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is not None:
            body["ttlSeconds"] = max(remaining, 0.001)
        self._call("POST", service_of(fault), body=body)

    def heal(self, fault: Fault) -> None:
        """Remove a fault. A service that is not running has none."""
        self._remove(service_of(fault), f"/{fault.id}")

    def heal_all(self) -> None:
        """Remove all faults, in all services."""
        for service in self._services:
            self._remove(service)

    def held(self) -> set[str]:
        """Return the ids of all faults in all services."""
        return {each["id"] for service in self._services for each in self._listed(service)}

    @holder_errors()
    def holds(self, fault: Fault) -> bool:
        """Whether the service has the fault. One that is not running has none."""
        try:
            listed = self._services[service_of(fault)].call("GET", _PATH)["faults"]
        except LabError as error:
            if error.failure is not LabFailure.UNREACHABLE:
                raise
            return False
        return fault.id in {each["id"] for each in listed}

    def set_by_environment(self, ids: set[str]) -> list[Fault]:
        """Return the faults of ``ids``, which services set by their environment."""
        return [
            _fault(each)
            for service in self._services
            for each in self._listed(service)
            if each["id"] in ids
        ]

    def _listed(self, service: str) -> list[dict[str, Any]]:
        """List the faults in one service, as its API returns them."""
        listed: list[dict[str, Any]] = self._call("GET", service)["faults"]
        return listed

    @holder_errors()
    def _remove(self, service: str, path: str = "") -> None:
        try:
            self._services[service].call("DELETE", f"{_PATH}{path}")
        except LabError as error:
            if error.failure is not LabFailure.UNREACHABLE:
                raise

    @holder_errors()
    def _call(self, method: str, service: str, *, body: object = None) -> Any:
        return self._services[service].call(method, _PATH, body=body)


def service_of(fault: Fault) -> str:
    """Name the service whose code applies ``fault``."""
    return _SENDERS.get(fault.target, fault.target)


def _fault(data: Mapping[str, Any]) -> Fault:
    now = timezone.now()
    remaining = data.get("remainingSeconds")
    fields = ("id", "target", "kind", "remainingSeconds")
    return Fault(
        id=data["id"],
        target=data["target"],
        kind=data["kind"],
        level="switch",
        created_at=now,
        parameters={name: value for name, value in data.items() if name not in fields},
        expires_at=None if remaining is None else now + timedelta(seconds=remaining),
        set_by="environment",
    )
