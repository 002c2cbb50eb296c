"""The end of a process's fault is retried until it succeeds."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest

from supervision.errors import StartError
from supervision.process_faults import ProcessFaults
from systems.file import parse
from tests.support.waiting import eventually


class FakeProcess:
    """A process that only has a state."""

    def __init__(self, name: str = "worker") -> None:
        self.name = name
        self.state = "running"
        self.lock = threading.RLock()

    def kill(self) -> None:
        self.state = "crashed"


class FakeSupervisor:
    """Starts its one process again once ``failures`` starts have failed."""

    def __init__(self, *, failures: int) -> None:
        self.worker = FakeProcess()
        self.processes = {"worker": self.worker}
        self.failures = failures

    def restart(self, process: FakeProcess) -> None:
        process.state = "starting"
        if self.failures:
            self.failures -= 1
            raise StartError("worker did not answer")
        process.state = "running"


def crash(supervisor: FakeSupervisor, **more: Any) -> ProcessFaults:
    faults = ProcessFaults(cast("Any", supervisor))
    faults.set("worker", {"id": "one", "kind": "crash", **more})
    return faults


def test_a_crash_ends_by_itself_though_the_first_starts_fail() -> None:
    supervisor = FakeSupervisor(failures=2)
    faults = crash(supervisor, ttlSeconds=0.05)
    eventually(lambda: supervisor.worker.state == "running")
    eventually(lambda: not faults.as_json())
    assert supervisor.failures == 0


def test_a_crash_that_could_not_be_healed_is_still_in_force() -> None:
    supervisor = FakeSupervisor(failures=1)
    faults = crash(supervisor)
    with pytest.raises(StartError):
        faults.heal("one")
    assert [each["id"] for each in faults.as_json()] == ["one"]
    assert supervisor.worker.state == "crashed"
    faults.heal("one")
    assert faults.as_json() == []
    assert supervisor.worker.state == "running"


def test_no_fault_ends_by_itself_once_the_lab_stops() -> None:
    supervisor = FakeSupervisor(failures=0)
    faults = crash(supervisor, ttlSeconds=0.05)
    fault = faults.set("worker", {"id": "one", "kind": "crash"})
    faults.stop()
    assert fault.timer is not None
    fault.timer.stop()
    assert supervisor.worker.state == "crashed"


def test_a_fault_of_a_service_is_one_of_each_of_its_instances() -> None:
    text = """
title = "x"
[[service]]
name = "a"
url = "http://127.0.0.1:{port}"
command = ["python", "a.py"]
instances = 2
"""
    supervisor = FakeSupervisor(failures=0)
    first, second = FakeProcess("a#1"), FakeProcess("a#2")
    supervisor.processes = {"a#1": first, "a#2": second}
    faults = ProcessFaults(cast("Any", supervisor), parse(text, path=Path(__file__)))
    faults.set("a#2", {"id": "one", "kind": "crash"})
    assert (first.state, second.state) == ("running", "crashed")
    faults.set("a", {"id": "all", "kind": "crash"})
    assert (first.state, second.state) == ("crashed", "crashed")
    faults.heal("all")
    assert (first.state, second.state) == ("running", "crashed")
    faults.heal("one")
    assert (first.state, second.state) == ("running", "running")
