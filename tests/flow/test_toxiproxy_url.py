"""With ``TOXIPROXY_URL`` a server that runs already carries the links."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from base.client import answers
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


@pytest.fixture
def toxiproxy() -> Iterator[str]:
    """A server that speaks Toxiproxy's API and knows nothing of the lab."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "network", "--listen-control", f"127.0.0.1:{port}"]
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(f"{url}/version"))
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.long
def test_a_toxiproxy_server_of_ones_own_carries_the_links(toxiproxy: str, tmp_path: Path) -> None:
    with LabProcesses(tmp_path, TOXIPROXY_URL=toxiproxy) as lab:
        assert set(lab.session.get(f"{toxiproxy}/proxies", timeout=5).json()) == {
            "client-to-api",
            "api-to-worker",
            "worker-to-api",
        }
        assert lab.place_order().json()["status"] == "CONFIRMED"
        lab.set_fault("api-to-worker", "cut")
        assert lab.place_order().json()["status"] == "PENDING"
        lab.heal_all()
        lab.set_fault("api-to-worker", "slow", ms=1_500, ttlSeconds=1)
        assert lab.place_order().json()["status"] == "PENDING"
        eventually(lambda: lab.get("/api/faults")["faults"] == [], seconds=10)
        eventually(lambda: lab.place_order().json()["status"] == "CONFIRMED", seconds=10)


def test_a_toxiproxy_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    lab = LabProcesses(tmp_path, TOXIPROXY_URL=f"http://127.0.0.1:{port}")
    with pytest.raises(AssertionError, match="No Toxiproxy answers"):
        lab.start()
