"""What the activities of one running experiment share; one experiment runs in a process."""

from __future__ import annotations

import atexit
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from chaoslib.exceptions import ActivityFailed

from base.errors import LabError
from base.lab import Lab
from experiments.checker.requests import Requests
from experiments.checker.workload import Workload
from experiments.errors import ExperimentError, message_of
from experiments.healing import heal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.message import Message
    from experiments.checker.history import Operation

SET_BY = "experiment"
"""Who set a fault, when an experiment did."""

_UNANSWERED_SECONDS = 1.0


class Session:
    """The lab, the workload and the faults of the experiment that runs."""

    def __init__(self, configuration: Mapping[str, Any] | None) -> None:
        self.lab = Lab(configuration)
        self.workload = Workload(self.lab)
        self.requests = Requests(self.lab, self.workload.history, self.workload.now_ms)
        self.windows: list[dict[str, Any]] = []
        """Faults set by the experiment, with ``fromMs`` and ``toMs`` of its history."""
        self.placed: list[Operation] = []
        """The orders of the last ``place_orders``, or requests of the last ``send_action``."""
        self.skipped: Message | None = None
        """Why this experiment can't be run here; None when it can."""
        self.problem: Message | None = None
        """Why the activity that ran last could not be carried out; None when it could."""
        self._heals_at_exit = False
        self._unanswered = False

    def fault_requested(self) -> None:
        """Note that a fault is being set: from now on there may be something to heal."""
        if not self._heals_at_exit:
            # The stock command leaves rollbacks out when it is stopped by Ctrl-C.
            atexit.register(self._heal_at_exit)
            self._heals_at_exit = True
        self._unanswered = True

    def fault_set(self, fault: Mapping[str, Any]) -> None:
        """Note that a fault is in force from now on."""
        self._unanswered = False
        self.windows.append({**fault, "fromMs": self.workload.now_ms(), "toMs": None})

    def _heal_at_exit(self) -> None:
        """Heal what this experiment set and left; nobody is left to read of a failure."""
        if not self._unanswered and all(window["toMs"] is not None for window in self.windows):
            return
        if self._unanswered:
            # Stopped while it was being set: it may be in force only in a moment.
            time.sleep(_UNANSWERED_SECONDS)
        with suppress(LabError):
            heal(self.lab, set_by=SET_BY)

    def faults_healed(self, fault_id: str | None = None) -> None:
        """Note that a fault, or all, are over."""
        for window in self.windows:
            if window["toMs"] is None and fault_id in (None, window["id"]):
                window["toMs"] = self.workload.now_ms()


@contextmanager
def reporting(session: Session) -> Iterator[None]:
    """Turn what the lab or this room refuses into Chaos Toolkit's failure of the activity.

    :raises ActivityFailed: its text is the refusal's; the run keeps the message.
    """
    session.problem = None
    try:
        yield
    except (ExperimentError, LabError) as error:
        session.problem = message_of(error)
        raise ActivityFailed(str(error)) from error


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
