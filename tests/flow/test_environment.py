"""What the environment breaks at start is a fault like any other, and is healed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


def kinds(lab: LabProcesses) -> set[tuple[str, str]]:
    return {(each["target"], each["kind"]) for each in lab.get("/api/faults")["faults"]}


@pytest.mark.long
def test_faults_of_the_environment_are_listed_and_healed_for_good(tmp_path: Path) -> None:
    environ = {
        "SIM_PARTITION_API_TO_WORKER": "1",
        "SIM_PARTITION_WORKER_TO_API": "1",
        "SIM_SLOW_WORKER_MS": "300",
        "LAB_FAULTS": "worker-to-api request_lost; worker pause; "
        "api-to-worker slow ms=300 ttlSeconds=60",
    }
    in_code = {("api-to-worker", "cut"), ("worker-to-api", "cut"), ("worker", "slow")}
    others = {("worker-to-api", "request_lost"), ("api-to-worker", "slow"), ("worker", "pause")}
    with LabProcesses(tmp_path, **environ) as lab:
        eventually(lambda: kinds(lab) == in_code | others, seconds=20)
        for each in lab.get("/api/faults")["faults"]:
            assert each["setBy"] == "environment"
            assert (each["level"] == "switch") == ((each["target"], each["kind"]) in in_code)
        assert lab.place_order().json()["status"] == "PENDING"
        lab.heal_all()
        assert lab.place_order().json()["status"] == "CONFIRMED"
        # What is started again must not bring back what was healed.
        lab.set_fault("worker", "crash")
        lab.heal_all()
        assert kinds(lab) == set()
        assert lab.place_order().json()["status"] == "CONFIRMED"


def test_a_switch_outlives_a_crash_of_its_service(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut", level="switch")
    crash = lab.set_fault("worker", "crash")
    lab.session.delete(f"{lab.observer_url}/api/faults/{crash['id']}", timeout=30)

    def is_skipped() -> bool:
        placed = lab.place_order().json()
        return placed["status"] == "PENDING" and lab.reservation(placed["orderId"]) is not None

    eventually(is_skipped, seconds=15)
