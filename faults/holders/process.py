"""Crash and pause, applied by the supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from base.client import LabClient
from faults.holders.holder import TIMEOUT_SECONDS, Holder, holder_errors

if TYPE_CHECKING:
    from faults.fault import Fault

_HEAL_SECONDS = 70.0


class ProcessHolder(Holder):
    """The supervisor's control API at ``url``."""

    def __init__(self, url: str, *, secret: str) -> None:
        self._supervisor = LabClient(url, secret=secret, timeout_seconds=TIMEOUT_SECONDS)

    def apply(self, fault: Fault) -> None:
        """Kill or stop the process."""
        body: dict[str, Any] = {"id": fault.id, "kind": fault.kind}
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is not None:
            body["ttlSeconds"] = max(remaining, 0.001)
        self._call("POST", f"/processes/{fault.target}/faults", body=body)

    def heal(self, fault: Fault) -> None:
        """Start or resume the process; returns when it answers again."""
        self._call("DELETE", f"/processes/faults/{fault.id}", timeout_seconds=_HEAL_SECONDS)

    def heal_all(self) -> None:
        """Start and resume all that is down."""
        self._call("DELETE", "/processes/faults", timeout_seconds=_HEAL_SECONDS)

    def held(self) -> set[str]:
        """Return the ids of the crashes and pauses in force."""
        return {each["id"] for each in self._call("GET", "/processes").get("faults", [])}

    @holder_errors()
    def _call(self, method: str, path: str, **options: Any) -> Any:
        return self._supervisor.call(method, path, **options)
