"""Crash and pause: the supervisor does them, ends them, and waits until the process answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from faults.holders.holder import ask

if TYPE_CHECKING:
    from faults.fault import Fault

_HEAL_SECONDS = 70.0


class ProcessHolder:
    """The supervisor's door at ``url``."""

    self_healing = True

    def __init__(self, url: str, *, secret: str) -> None:
        self._url = url
        self._secret = secret

    def apply(self, fault: Fault) -> None:
        """Kill or stop the process."""
        body: dict[str, Any] = {"id": fault.id, "kind": fault.kind}
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is not None:
            body["ttlSeconds"] = max(remaining, 0.001)
        self._ask("POST", f"/processes/{fault.target}/faults", body=body)

    def heal(self, fault: Fault) -> None:
        """Start or continue the process; returns when it answers again."""
        self._ask("DELETE", f"/processes/faults/{fault.id}", timeout=_HEAL_SECONDS)

    def replaces(self, fault: Fault) -> bool:
        """Each has its own id at the supervisor."""
        del fault
        return False

    def heal_everything(self) -> None:
        """Start and continue all that is down."""
        self._ask("DELETE", "/processes/faults", timeout=_HEAL_SECONDS)

    def held(self) -> set[str]:
        """Ids of the crashes and pauses in force."""
        return {each["id"] for each in self._ask("GET", "/processes").json().get("faults", [])}

    def found(self, ids: set[str]) -> list[Fault]:
        """Nothing is turned on here by the environment."""
        del ids
        return []

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        return ask(method, f"{self._url}{path}", secret=self._secret, **how)
