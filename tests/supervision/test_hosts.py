"""The worker as a host of its own: a cut is a cut between hosts, and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from faults.firewall import system
from tests.faults.test_firewall import error_kind
from tests.support.lab.manage import manage
from tests.support.lab.network_changes import changed_network
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASON = system.why_not_permitted()
pytestmark = [
    pytest.mark.firewall,
    pytest.mark.flow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(_REASON), reason=f"no network namespaces here: {_REASON}"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are Linux's"),
]


def namespaces() -> list[str]:
    done = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in done.stdout.splitlines() if "partition-lab" in line]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """A lab whose worker has an address of its own."""
    before = namespaces()
    lab = LabProcesses(tmp_path_factory.mktemp("hosts"), "--hosts")
    with changed_network():
        lab.start()
    try:
        assert len(namespaces()) == len(before) + 1
        yield lab
    finally:
        with changed_network():
            lab.stop()
    assert namespaces() == before


@pytest.fixture(autouse=True)
def healed(hosts: LabProcesses) -> Iterator[None]:
    """Every test begins and ends without a fault."""
    hosts.heal_all()
    yield
    hosts.heal_all()


def reserved(lab: LabProcesses, order_id: str) -> bool:
    orders = lab.get("/api/orders", limit=20)["orders"]
    return next(each for each in orders if each["orderId"] == order_id)["reservation"] is not None


def firewall(lab: LabProcesses, *arguments: str) -> None:
    netns = next(iter(namespaces()))
    inner = subprocess.run(
        ["ip", "-n", netns, "-4", "-o", "address"], capture_output=True, text=True, check=True
    ).stdout
    assert "10.87." in inner
    done = manage({**lab.environ, "LAB_WORKER_NETNS": netns}, "firewall", *arguments)
    assert done.returncode == 0, done.stderr


def test_an_order_crosses_the_wire_and_comes_back(hosts: LabProcesses) -> None:
    placed = hosts.place_order().json()
    assert placed["status"] == "CONFIRMED"
    assert reserved(hosts, placed["orderId"])


def test_dropped_packets_are_a_connect_timeout(hosts: LabProcesses) -> None:
    hosts.set_fault("api-to-worker", "cut", level="firewall")
    kinds = {error_kind(hosts) for _ in range(3)}
    # A connection that was kept from before waits for its answer; a new one does not come about.
    assert "connect_timeout" in kinds
    assert kinds <= {"connect_timeout", "read_timeout"}
    # What observes the worker is out of band: it is known to have reserved nothing.
    placed = hosts.place_order().json()
    assert not reserved(hosts, placed["orderId"])


@pytest.mark.long
def test_rejected_packets_are_a_refused_connection(hosts: LabProcesses) -> None:
    firewall(hosts, "block", "worker", "--for", "30s", "--reject", "--run")
    try:
        kinds = {error_kind(hosts) for _ in range(3)}
    finally:
        firewall(hosts, "unblock")
    assert "connect_refused" in kinds
    assert kinds <= {"connect_refused", "reset"}
    assert error_kind(hosts) is None


def test_a_callback_that_is_cut_off_leaves_a_reservation(hosts: LabProcesses) -> None:
    hosts.set_fault("worker-to-api", "cut", level="firewall")
    placed = hosts.place_order().json()
    assert placed["status"] == "PENDING"
    assert reserved(hosts, placed["orderId"])


@pytest.mark.long
def test_half_of_the_packets_lost_still_lets_some_through(hosts: LabProcesses) -> None:
    hosts.set_fault("api-to-worker", "lossy", level="firewall", rate=0.3)
    kinds = [error_kind(hosts) for _ in range(12)]
    assert set(kinds) <= {None, "connect_timeout", "read_timeout"}


@pytest.mark.long
def test_a_link_that_is_a_wire_can_not_be_broken_at_the_socket(hosts: LabProcesses) -> None:
    refused = hosts.session.post(
        f"{hosts.observer_url}/api/faults",
        json={"target": "api-to-worker", "kind": "cut"},
        timeout=10,
    )
    assert (refused.status_code, refused.json()["field"]) == (400, "level")
