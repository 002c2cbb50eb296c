"""Crash and pause: faults of processes, each with its own end, whoever set it."""

from __future__ import annotations

import logging
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labsite.supervision.process import StartError

if TYPE_CHECKING:
    from labsite.supervision.process import Process
    from labsite.supervision.supervisor import Supervisor

log = logging.getLogger("labsite")

KINDS = ("crash", "pause")
TARGETS = ("api", "worker")
_MAX_TTL_SECONDS = 86_400
_MAX_ID_LENGTH = 100


class BadFaultError(ValueError):
    """What was asked for is no fault that a process can have; the text says why."""


@dataclass
class ProcessFault:
    """A crash or a pause in force. ``expires_at`` is on the monotonic clock, None for ever."""

    id: str
    target: str
    kind: str
    expires_at: float | None
    timer: threading.Timer | None = None

    def as_json(self) -> dict[str, Any]:
        """Describe it for the control door."""
        remaining = None
        if self.expires_at is not None:
            remaining = max(0.0, round(self.expires_at - time.monotonic(), 3))
        return {
            "id": self.id,
            "target": self.target,
            "kind": self.kind,
            "remainingSeconds": remaining,
        }


class ProcessFaults:
    """The faults of processes in force, by id; thread-safe."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._faults: dict[str, ProcessFault] = {}

    def set(self, target: str, described: object) -> ProcessFault:
        """Crash or pause ``target``; the same id again changes nothing.

        :raises BadFaultError: the description is not one of a fault that can be done here.
        """
        fault = _read(target, described)
        with self._supervisor.lock:
            if fault.id in self._faults:
                return self._faults[fault.id]
            process = self._supervisor.processes[target]
            _do(process, fault.kind)
            self._faults[fault.id] = fault
            if fault.expires_at is not None:
                fault.timer = threading.Timer(
                    fault.expires_at - time.monotonic(), self.heal, [fault.id]
                )
                fault.timer.daemon = True
                fault.timer.start()
        return fault

    def heal(self, fault_id: str) -> None:
        """End a fault and wait until its process answers again; an unknown id is healed already.

        :raises StartError: the process did not come up again.
        """
        with self._supervisor.lock:
            fault = self._faults.pop(fault_id, None)
            if fault is None:
                return
            if fault.timer:
                fault.timer.cancel()
            kinds = {other.kind for other in self._faults.values() if other.target == fault.target}
            process = self._supervisor.processes[fault.target]
            if process.state == "crashed" and "crash" not in kinds:
                self._bring_back(process)
                if "pause" in kinds:
                    process.pause()
            elif process.state == "paused" and not kinds:
                process.resume()

    def heal_all(self) -> None:
        """End every fault of a process."""
        for fault_id in list(self._faults):
            self.heal(fault_id)

    def as_json(self) -> list[dict[str, Any]]:
        """List the faults in force."""
        return [fault.as_json() for fault in self._faults.values()]

    def _bring_back(self, process: Process) -> None:
        try:
            self._supervisor.restart(process)
        except StartError:
            log.exception("%s did not come up after its crash was healed", process.name)
            raise


def _read(target: str, described: object) -> ProcessFault:
    if target not in TARGETS:
        raise BadFaultError(f"only {' and '.join(TARGETS)} can be crashed or paused")
    if not isinstance(described, dict):
        raise BadFaultError("the body must be a JSON object")
    fault_id, kind, ttl = (described.get(key) for key in ("id", "kind", "ttlSeconds"))
    if not isinstance(fault_id, str) or not 0 < len(fault_id) <= _MAX_ID_LENGTH:
        raise BadFaultError("id must be a text")
    if kind not in KINDS:
        raise BadFaultError(f"kind must be one of {', '.join(KINDS)}")
    if kind == "pause" and not hasattr(signal, "SIGSTOP"):
        raise BadFaultError("this system can't pause a process")
    if ttl is None:
        return ProcessFault(fault_id, target, kind, None)
    if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 < ttl <= _MAX_TTL_SECONDS:
        raise BadFaultError(f"ttlSeconds must be over 0 and at most {_MAX_TTL_SECONDS}")
    return ProcessFault(fault_id, target, kind, time.monotonic() + ttl)


def _do(process: Process, kind: str) -> None:
    if kind == "crash":
        process.kill()
    elif process.state == "running":
        process.pause()
