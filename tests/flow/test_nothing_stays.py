"""Orders that time out leave no socket and no file open, in any of the lab's processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from tests.support.processes import LabProcesses, descriptors_of
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.flow,
    pytest.mark.long,
    pytest.mark.timeout(120),
]

ORDERS = 10
NAMES = ("observer", "api", "worker", "network")


@pytest.fixture
def warm_lab(tmp_path: Path) -> Iterator[LabProcesses]:
    """A lab of its own whose threads have all done all of it: each keeps its connections."""
    with LabProcesses(tmp_path, LAB_THREADS="4") as lab:
        lab.set_fault("api-to-worker", "slow", ms=2_000)
        assert place(lab) == ["PENDING"] * ORDERS
        lab.heal_all()
        lab.set_fault("api-to-worker", "slow", ms=1)
        for _ in range(3):
            assert place(lab) == ["CONFIRMED"] * ORDERS
        lab.heal_all()
        yield lab


def place(lab: LabProcesses) -> list[str]:
    """Place orders at once; return how they stand."""

    def one(_: int) -> str:
        answer = requests.post(f"{lab.client_url}/orders", json={}, timeout=15)
        return str(answer.json()["status"])

    with ThreadPoolExecutor(ORDERS) as pool:
        return list(pool.map(one, range(ORDERS)))


def descriptors(lab: LabProcesses) -> dict[str, int]:
    """Count the sockets and all descriptors of each process."""
    pids = {name: lab.pid_of(name) for name in NAMES} | {"supervisor": lab.pid}
    counted: dict[str, int] = {}
    for name, pid in pids.items():
        process = psutil.Process(pid)
        counted[f"{name} sockets"] = len(process.net_connections("inet"))
        counted[f"{name} descriptors"] = descriptors_of(process)
    return counted


def test_orders_that_time_out_leave_no_socket(warm_lab: LabProcesses) -> None:
    lab = warm_lab
    before = descriptors(lab)

    def all_back() -> bool:
        now = descriptors(lab)
        return all(now[key] <= before[key] for key in before)

    lab.set_fault("api-to-worker", "slow", ms=2_000)
    assert place(lab) == ["PENDING"] * ORDERS
    # What was given up is closed without waiting for the link to be healed.
    eventually(all_back, seconds=20)
    lab.heal_all()
    assert place(lab) == ["CONFIRMED"] * ORDERS
    eventually(all_back, seconds=20)
