"""What the activities of one running experiment share; one experiment runs in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab import Lab
from experiments.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.history import Operation


class Session:
    """The lab, the workload and the faults of the experiment that runs."""

    def __init__(self, configuration: Mapping[str, Any] | None) -> None:
        self.lab = Lab(configuration)
        self.workload = Workload(self.lab)
        self.windows: list[dict[str, Any]] = []
        """Faults set by the experiment, with ``fromMs`` and ``toMs`` of its history."""
        self.placed: list[Operation] = []
        """The orders of the last ``place_orders``."""

    def fault_set(self, fault: Mapping[str, Any]) -> None:
        """Note that a fault is in force from now on."""
        self.windows.append({**fault, "fromMs": self.workload.now_ms(), "toMs": None})

    def faults_healed(self, fault_id: str | None = None) -> None:
        """Note that a fault, or all, are over."""
        for window in self.windows:
            if window["toMs"] is None and fault_id in (None, window["id"]):
                window["toMs"] = self.workload.now_ms()


class _Current:
    session: Session | None = None


def current(configuration: Mapping[str, Any] | None) -> Session:
    """Return the session of the running experiment, begun by whichever activity comes first."""
    if _Current.session is None:
        _Current.session = Session(configuration)
    return _Current.session


def reset() -> None:
    """Forget it: another experiment begins."""
    _Current.session = None
