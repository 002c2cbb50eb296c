"""A fault that a paused service took without a word is listed, and undone once it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120), pytest.mark.long]


def test_it_is_listed_until_it_is_undone(lab: LabProcesses) -> None:
    pause = lab.set_fault("worker", "pause")
    body = {"target": "worker", "kind": "http_5xx"}
    answer = lab.session.post(f"{lab.observer_url}/api/faults", json=body, timeout=30)
    assert answer.status_code == 502, answer.text
    [listed] = [each for each in faults(lab) if each["id"] != pause["id"]]
    assert (listed["kind"], listed["state"]) == ("http_5xx", "heal_failed")
    assert "did not answer" in listed["healProblem"]
    healed = lab.session.delete(f"{lab.observer_url}/api/faults/{pause['id']}", timeout=30)
    assert healed.status_code == 204
    eventually(lambda: faults(lab) == [], seconds=20)
    eventually(lambda: status_of(lab, lab.place_order().json()["orderId"]) == "CONFIRMED")


def faults(lab: LabProcesses) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = lab.get("/api/faults")["faults"]
    return listed


def status_of(lab: LabProcesses, order_id: str) -> str:
    return str(lab.order(order_id)["status"])
