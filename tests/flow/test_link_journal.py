"""The journal of a link stands on the trace of the request to which a fault did something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]


def journal_of(lab: LabProcesses, order_id: str) -> list[dict[str, Any]]:
    logs = lab.trace_of(order_id).get("logs", [])
    return [each for each in logs if each["service"] == "network"]


def actions_of(records: list[dict[str, Any]]) -> set[str]:
    return {each["attributes"]["lab.toxic.action"] for each in records}


def settles(lab: LabProcesses, order_id: str, perspective: str) -> list[str]:
    trace_id = lab.trace_of(order_id)["traceId"]
    found = lab.get(f"/api/traces/{trace_id}/evidence", perspective=perspective)
    return [each["text"] for each in found["diagnosis"]["sentences"] if each["kind"] == "settles"]


def test_it_settles_what_no_side_can_know(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "response_lost")
    order_id = lab.place_order().json()["orderId"]
    eventually(lambda: {"reached", "dropped"} <= actions_of(journal_of(lab, order_id)))
    records = journal_of(lab, order_id)
    calls = [each for each in lab.trace_of(order_id)["spans"] if each["kind"] == "CLIENT"]
    assert {each["spanId"] for each in records} <= {each["spanId"] for each in calls}
    told = settles(lab, order_id, "all")
    assert any("the request reached the side of the worker at" in each for each in told)
    assert any("an answer came from the worker at" in each for each in told)
    assert not any("journal" in each for each in settles(lab, order_id, "api"))


def test_a_fault_that_is_to_be_found_is_not_told_by_it(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "response_lost", hidden=True)
    hidden = lab.place_order().json()["orderId"]
    lab.heal_all()
    lab.set_fault("api-to-worker", "slow", ms=20)
    shown = lab.place_order().json()["orderId"]
    # What is sent of the second came after all that could have been sent of the first.
    eventually(lambda: journal_of(lab, shown))
    assert journal_of(lab, hidden) == []
    entries = lab.session.get(f"{lab.toxiproxy_url}/proxies/api-to-worker/journal", timeout=5)
    assert "dropped" in {each["action"] for each in entries.json()}


def test_it_goes_with_the_rest_when_the_lab_is_started_over(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "slow", ms=20)
    placed = lab.place_order().json()
    eventually(lambda: journal_of(lab, placed["orderId"]))
    started_over = lab.session.post(f"{lab.observer_url}/api/start-over", timeout=60)
    assert started_over.ok, started_over.text
    assert lab.logs_of(placed["requestId"]) == []
