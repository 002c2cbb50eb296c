"""``manage.py lab`` starts all, keeps all, and leaves nothing behind."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
import requests

from base.process.listening import LOOPBACK, loopback_addresses
from supervision import signalling
from tests.support.processes import LabProcesses, interrupt
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def pids(lab: LabProcesses) -> list[int]:
    """Ids of the lab's processes, from the supervisor."""
    secret = (lab.directory / "var" / "secret").read_text(encoding="ascii")
    listed = requests.get(
        f"http://127.0.0.1:{lab.ports['CONTROL']}/processes",
        headers={"X-Lab-Secret": secret},
        timeout=10,
    ).json()["processes"]
    return [process["pid"] for process in listed]


@pytest.mark.long
def test_it_keeps_all_and_leaves_nothing_behind(tmp_path: Path) -> None:
    lab = LabProcesses(tmp_path).start()
    # Nobody is called before it listens.
    assert "Connection refused" not in lab.log
    assert '"level":"WARN"' not in lab.log
    placed = lab.place_order().json()
    eventually(lambda: len(lab.logs_of(placed["requestId"])) >= 7)
    for target, kind in (("worker", "slow"), ("api-to-worker", "cut"), ("worker-to-api", "slow")):
        lab.set_fault(target, kind)
    stopped(lab, by=interrupt)

    # Started anew, it has its orders and telemetry, and none of the faults.
    lab.start()
    eventually(lambda: lab.get("/api/faults")["faults"] == [], seconds=15)
    assert lab.order(placed["orderId"])["status"] == "CONFIRMED"
    assert len(lab.logs_of(placed["requestId"])) == 7
    assert lab.place_order().json()["status"] == "CONFIRMED"
    stopped(lab, by=signalling.terminate)
    lab.start()
    stopped(lab, by=signalling.kill)


def stopped(lab: LabProcesses, *, by: Callable[[int], None]) -> None:
    """Stop the lab, and wait until none of its processes is left."""
    started = pids(lab)
    assert len(started) == 4
    lab.stop(by=by)
    eventually(lambda: not any(signalling.is_alive(pid) for pid in started), seconds=15)


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, lab: LabProcesses) -> None:
    other = LabProcesses(tmp_path, LAB_PORT_API=str(lab.ports["API"]))
    with pytest.raises(AssertionError, match="LAB_PORT_API to a free port"):
        other.start()


@pytest.mark.skipif(LOOPBACK[1] not in loopback_addresses(LOOPBACK[0]), reason="there is no ::1")
def test_a_port_that_is_taken_at_the_other_loopback_address_is_said_too(tmp_path: Path) -> None:
    lab = LabProcesses(tmp_path)
    with socket.create_server((LOOPBACK[1], lab.ports["API"]), family=socket.AF_INET6):
        assert f"Port {lab.ports['API']} for the service api is taken at ::1" in refused(lab)


def test_a_second_lab_of_one_folder_is_told_where_the_first_is(lab: LabProcesses) -> None:
    other = LabProcesses(lab.directory)
    other.log_path = lab.directory / "other.log"
    printed = refused(other)
    assert f"a lab runs already at {lab.observer_url} (process {lab.pid})" in printed
    assert "LAB_VAR_DIR" in printed


def test_a_folder_that_can_not_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    printed = refused(LabProcesses(tmp_path, LAB_VAR_DIR=str(tmp_path / "file" / "var")))
    assert "LAB_VAR_DIR: " in printed
    assert "can't be used (Not a directory)" in printed


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "telemetry.sqlite3").write_bytes(b"no database " * 1_000)
    printed = refused(LabProcesses(tmp_path, TELEMETRY_DATABASE_URL=""))
    assert "observer: the database" in printed
    assert "telemetry.sqlite3 can't be used: file is not a database" in printed


def refused(lab: LabProcesses) -> str:
    """Start a lab that can't start; return what it says, in sentences and without a traceback."""
    with pytest.raises(AssertionError):
        lab.start()
    assert lab.stop() == 1
    assert "Traceback" not in lab.log
    return lab.log
