"""A fault ends at its time though whoever set it was killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from base.client import answers
from supervision import signalling
from tests.support.long import long
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


@pytest.mark.parametrize(
    "fault",
    [
        {"target": "api-to-worker", "kind": "cut", "level": "socket"},
        long({"target": "api-to-worker", "kind": "request_lost"}),
        long({"target": "worker-to-api", "kind": "cut", "level": "switch"}),
        {"target": "worker", "kind": "crash"},
        long({"target": "worker", "kind": "pause"}),
    ],
    ids=lambda fault: f"{fault['target']}-{fault['kind']}",
)
def test_it_heals_though_the_observer_was_killed(lab: LabProcesses, fault: dict[str, Any]) -> None:
    lab.set_fault(**fault, ttlSeconds=2)
    assert lab.place_order().json()["status"] == "PENDING"
    signalling.kill(lab.pid_of("observer"))
    eventually(lambda: lab.place_order().json()["status"] == "CONFIRMED", seconds=20, every=0.2)
    eventually(lambda: answers(f"{lab.observer_url}/readyz"), seconds=20)
    eventually(lambda: lab.get("/api/faults")["faults"] == [], seconds=10)
