"""``manage.py lab`` starts all, keeps all, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
import requests

from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def alive(pid: int) -> bool:
    """Whether a process of that id runs."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def pids(lab: LabProcesses) -> list[int]:
    """Ids of the lab's processes, from the supervisor."""
    secret = (lab.directory / "var" / "secret").read_text(encoding="ascii")
    listed = requests.get(
        f"http://127.0.0.1:{lab.ports['CONTROL']}/processes",
        headers={"X-Lab-Secret": secret},
        timeout=10,
    ).json()["processes"]
    return [process["pid"] for process in listed]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, by: signal.Signals) -> None:
    lab = LabProcesses(tmp_path).start()
    started = pids(lab)
    assert len(started) == 4
    lab.stop(by=by)
    eventually(lambda: not any(alive(pid) for pid in started), seconds=15)


def test_a_restart_keeps_orders_and_telemetry(tmp_path: Path) -> None:
    lab = LabProcesses(tmp_path).start()
    try:
        placed = lab.place_order().json()
        eventually(lambda: len(lab.logs_of(placed["requestId"])) >= 7)
    finally:
        lab.stop()
    lab.start()
    try:
        assert lab.order(placed["orderId"])["status"] == "CONFIRMED"
        assert len(lab.logs_of(placed["requestId"])) == 7
    finally:
        lab.stop()


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, lab: LabProcesses) -> None:
    other = LabProcesses(tmp_path, LAB_PORT_API=str(lab.ports["API"]))
    with pytest.raises(AssertionError, match="LAB_PORT_API to a free port"):
        other.start()
