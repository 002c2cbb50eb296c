"""What the environment breaks at start is a fault like any other, and is healed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[LabProcesses]:
    """A lab that the environment broke in all three ways of the source material."""
    environ = {
        "SIM_PARTITION_API_TO_WORKER": "1",
        "SIM_PARTITION_WORKER_TO_API": "1",
        "SIM_SLOW_WORKER_MS": "300",
    }
    with LabProcesses(tmp_path, **environ) as lab:
        yield lab


def kinds(lab: LabProcesses) -> set[tuple[str, str]]:
    return {(each["target"], each["kind"]) for each in lab.get("/api/faults")["faults"]}


def test_faults_of_the_environment_are_listed_and_healed_for_good(broken: LabProcesses) -> None:
    everything = {("api-to-worker", "cut"), ("worker-to-api", "cut"), ("worker", "slow")}
    eventually(lambda: kinds(broken) == everything, seconds=15)
    listed = broken.get("/api/faults")["faults"]
    assert {(each["level"], each["setBy"]) for each in listed} == {("switch", "environment")}
    assert broken.place_order().json()["status"] == "PENDING"
    broken.heal_all()
    assert broken.place_order().json()["status"] == "CONFIRMED"
    broken.set_fault("worker", "crash")
    broken.heal_all()
    assert kinds(broken) == set()
    assert broken.place_order().json()["status"] == "CONFIRMED"


def test_any_fault_can_be_in_force_from_the_start(tmp_path: Path) -> None:
    wanted = "worker-to-api request_lost; api-to-worker slow ms=300 ttlSeconds=60; worker pause"
    with LabProcesses(tmp_path, LAB_FAULTS=wanted) as lab:
        everything = {
            ("worker-to-api", "request_lost"),
            ("api-to-worker", "slow"),
            ("worker", "pause"),
        }
        eventually(lambda: kinds(lab) == everything, seconds=20)
        assert lab.place_order().json()["status"] == "PENDING"
        lab.heal_all()
        assert lab.place_order().json()["status"] == "CONFIRMED"


def test_a_switch_outlives_a_crash_of_its_service(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut", level="switch")
    crash = lab.set_fault("worker", "crash")
    lab.session.delete(f"{lab.observer_url}/api/faults/{crash['id']}", timeout=30)

    def is_skipped() -> bool:
        placed = lab.place_order().json()
        return placed["status"] == "PENDING" and lab.reservation(placed["orderId"]) is not None

    eventually(is_skipped, seconds=15)


def test_a_lab_that_was_started_anew_lists_no_fault_of_the_old_one(tmp_path: Path) -> None:
    with LabProcesses(tmp_path) as lab:
        lab.set_fault("worker", "slow", ms=10)
        lab.set_fault("api-to-worker", "cut")
        lab.set_fault("worker-to-api", "slow", ms=10)
        lab.stop()
        lab.start()
        eventually(lambda: kinds(lab) == set(), seconds=15)
        assert lab.place_order().json()["status"] == "CONFIRMED"
