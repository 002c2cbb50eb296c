"""Crash and pause: faults of processes, each with its own end."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base.faults import request as fault_request
from base.loops import Timer
from supervision.errors import StartError
from systems.current import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supervision.process import Process
    from supervision.supervisor import Supervisor
    from systems.system import System

log = logging.getLogger("labsite")

KINDS = ("crash", "pause")


@dataclass
class ProcessFault:
    """A crash or a pause in force. ``expires_at`` is monotonic, None for no expiry."""

    id: str
    target: str
    kind: str
    expires_at: float | None
    timer: Timer | None = None

    def as_json(self) -> dict[str, Any]:
        """Serialize it for the control API."""
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
    """The faults of processes of ``system`` in force, by id; thread-safe.

    A fault of a service affects each of its instances.
    """

    def __init__(self, supervisor: Supervisor, system: System = SYSTEM) -> None:
        self._supervisor = supervisor
        self._system = system
        started = {each.name for each in system.services if each.command}
        self._allowed = {
            target: KINDS
            for target in (*system.service_names, *system.targets)
            if target.partition("#")[0] in started
        }
        self._faults: dict[str, ProcessFault] = {}

    def set(self, target: str, body: object) -> ProcessFault:
        """Crash or pause ``target``; the same id again changes nothing.

        :raises FaultRequestError: ``body`` is not a fault that can be set on ``target``.
        """
        fault = self._read(target, body)
        with self._locked(fault) as processes:
            if fault.id in self._faults:
                return self._faults[fault.id]
            for process in processes:
                _apply(process, fault.kind)
            self._faults[fault.id] = fault
            if fault.expires_at is not None:
                fault.timer = Timer(
                    f"end-of-{fault.kind}",
                    lambda: self.heal(fault.id),
                    delay=max(0.0, fault.expires_at - time.monotonic()),
                )
                fault.timer.start()
        return fault

    def heal(self, fault_id: str) -> None:
        """End a fault and wait until its process is ready; an unknown id has been healed already.

        :raises StartError: the process did not come up again; the fault is still in force.
        """
        fault = self._faults.get(fault_id)
        if fault is None:
            return
        with self._locked(fault) as processes:
            if fault_id not in self._faults:
                return
            for process in processes:
                self._end(fault, process)
            del self._faults[fault_id]
            if fault.timer:
                fault.timer.cancel()

    def heal_all(self) -> None:
        """End all faults.

        :raises StartError: a process did not come up; its fault and later ones are in force.
        """
        for fault_id in list(self._faults):
            self.heal(fault_id)

    def stop(self) -> None:
        """Cancel the scheduled ends: the lab stops."""
        for fault in list(self._faults.values()):
            if fault.timer:
                fault.timer.cancel()

    def as_json(self) -> list[dict[str, Any]]:
        """List the faults in force."""
        return [fault.as_json() for fault in list(self._faults.values())]

    def _end(self, fault: ProcessFault, process: Process) -> None:
        kinds = {
            other.kind
            for other in list(self._faults.values())
            if other is not fault and process.name in self._system.instances_of(other.target)
        }
        if process.state == "crashed" and "crash" not in kinds:
            self._restart(process)
            if "pause" in kinds:
                process.pause()
        elif process.state == "paused" and not kinds:
            process.resume()

    def _restart(self, process: Process) -> None:
        try:
            self._supervisor.restart(process)
        except (StartError, OSError):
            # Still crashed, so that the next heal starts it again.
            process.kill()
            raise

    @contextmanager
    def _locked(self, fault: ProcessFault) -> Iterator[list[Process]]:
        """Hold the processes that ``fault`` affects."""
        names = self._system.instances_of(fault.target)
        processes = [self._supervisor.processes[name] for name in names]
        with ExitStack() as locks:
            for process in processes:
                locks.enter_context(process.lock)
            yield processes

    def _read(self, target: str, body: object) -> ProcessFault:
        given = fault_request.as_object(body)
        request = fault_request.read({**given, "target": target}, allowed=self._allowed)
        ttl = request.ttl_seconds
        expires_at = None if ttl is None else time.monotonic() + ttl
        return ProcessFault(request.id, target, request.kind, expires_at)


def _apply(process: Process, kind: str) -> None:
    if kind == "crash":
        process.kill()
    elif process.state == "running":
        process.pause()
