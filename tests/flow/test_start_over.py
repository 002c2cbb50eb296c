"""Starting over in the real lab, whatever state it is in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from supervision import signalling
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(120)]


def start_over(lab: LabProcesses) -> dict[str, Any]:
    """Start the lab over, which succeeds."""
    answered = lab.session.post(f"{lab.observer_url}/api/start-over", timeout=90)
    assert answered.ok, answered.text
    removed: dict[str, Any] = answered.json()
    return removed


def stock_is_whole(lab: LabProcesses) -> bool:
    """Whether the worker has set nothing aside."""
    stock = lab.session.get(f"{lab.worker_url}/stock", timeout=10).json()["stock"]
    return all(each["available"] == each["initial"] for each in stock)


def test_while_the_api_is_crashed(lab: LabProcesses) -> None:
    start_over(lab)
    lab.place_order()
    lab.set_fault("api", "crash")
    assert start_over(lab)["orders"] == 1
    assert lab.place_order().json()["status"] == "CONFIRMED"
    lab.set_fault("api", "crash")
    lab.restore()
    assert lab.place_order().ok


@pytest.mark.parametrize("name", ["api", "worker"])
def test_while_a_service_that_ended_by_itself_starts_again(lab: LabProcesses, name: str) -> None:
    lab.place_order()
    signalling.kill(lab.pid_of(name))
    # What could not be reached in time is started over by doing it again.
    url = f"{lab.observer_url}/api/start-over"
    eventually(lambda: lab.session.post(url, timeout=90).ok, seconds=60)
    assert stock_is_whole(lab)
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_a_job_that_crosses_its_link_meanwhile_reserves_nothing(lab: LabProcesses) -> None:
    start_over(lab)
    lab.set_fault("api-to-worker", "slow", ms=2_000)
    placing = [threading.Thread(target=lab.place_order) for _ in range(5)]
    for each in placing:
        each.start()
    eventually(lambda: len(lab.get("/api/orders")["orders"]) == len(placing))
    assert start_over(lab)["orders"] == len(placing)
    for each in placing:
        each.join()
    # Longer than a job was on its way.
    let_pass(3)
    assert lab.get("/api/orders")["orders"] == []
    assert stock_is_whole(lab)
