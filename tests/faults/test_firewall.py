"""A real partition by the operating system's firewall, where this process may make one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from faults.firewall import system
from supervision import signalling
from tests.support.lab.manage import manage
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

_REASON = system.why_not_permitted()
pytestmark = [
    pytest.mark.firewall,
    pytest.mark.flow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(_REASON), reason=f"no firewall here: {_REASON}"),
    pytest.mark.skipif(sys.platform != "linux", reason="nftables is Linux's"),
]


def tables() -> list[str]:
    done = subprocess.run(["nft", "list", "tables"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "partition_lab" in line]


def error_kind(lab: LabProcesses) -> str | None:
    """Place an order and return how its delivery failed, None when it did not."""
    placed = lab.place_order().json()

    def outcome() -> list[dict[str, object]]:
        messages = ("failed to deliver job to worker", "job delivered to worker")
        return [log for log in lab.logs_of(placed["requestId"]) if log["msg"] in messages]

    kind = eventually(outcome)[0]["errorKind"]
    return None if kind is None else str(kind)


def command(lab: LabProcesses, *arguments: str) -> subprocess.CompletedProcess[str]:
    return manage(lab.environ, "firewall", *arguments)


def test_a_cut_by_the_firewall_is_silence_and_nothing_else_is_touched(lab: LabProcesses) -> None:
    lab.place_order()
    fault = lab.set_fault("api-to-worker", "cut", level="firewall")
    # It always ends by itself.
    assert fault["remainingSeconds"] > 0
    assert error_kind(lab) in {"connect_timeout", "read_timeout"}
    assert lab.session.get(f"{lab.worker_url}/readyz", timeout=5).ok
    lab.heal_all()
    assert tables() == []
    eventually(lambda: error_kind(lab) is None)


@pytest.mark.long
def test_the_command_shows_runs_lists_and_undoes(lab: LabProcesses) -> None:
    shown = command(lab, "block", "worker", "--for", "30s")
    assert shown.returncode == 0, shown.stderr
    assert "table inet partition_lab_worker" in shown.stdout
    assert tables() == []
    done = command(lab, "block", "worker", "--for", "30s", "--reject", "--run")
    assert done.returncode == 0, done.stderr
    assert "worker" in command(lab, "status").stdout
    assert error_kind(lab) in {"connect_refused", "reset"}
    assert command(lab, "unblock").returncode == 0
    assert tables() == []
    assert "No block" in command(lab, "status").stdout


@pytest.mark.parametrize(
    "wrong",
    [["block", "moon"], ["block", "worker", "--loss", "x"], ["block", "worker", "--for", "9999s"]],
)
def test_what_is_no_block_is_refused_with_a_sentence(lab: LabProcesses, wrong: list[str]) -> None:
    done = command(lab, *wrong)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert tables() == []


@pytest.mark.long
def test_a_block_ends_at_its_time_though_the_lab_was_killed(tmp_path: Path) -> None:
    with LabProcesses(tmp_path) as lab:
        lab.set_fault("api-to-worker", "cut", level="firewall", ttlSeconds=3)
        assert len(tables()) == 1
        signalling.kill(lab.pid)
        eventually(lambda: tables() == [], seconds=15)
        lab.stop()
