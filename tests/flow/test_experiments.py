"""The source material's three experiments, by hand: fault, order, what each side then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


def line(lab: LabProcesses, request_id: str, msg: str) -> dict[str, Any]:
    """Wait for a log line of a request and return its fields."""
    found = eventually(
        lambda: [log for log in lab.logs_of(request_id) if log["msg"] == msg], seconds=15
    )
    fields: dict[str, Any] = found[0]["attributes"]
    return fields


@pytest.mark.parametrize(
    ("level", "kind"), [("socket", "connect_refused"), ("switch", "simulated_partition")]
)
def test_a_api_to_worker_cut(lab: LabProcesses, level: str, kind: str) -> None:
    lab.set_fault("api-to-worker", "cut", level=level)
    answer = lab.place_order()
    placed = answer.json()
    assert (answer.status_code, placed["status"]) == (201, "PENDING")
    failed = line(lab, placed["requestId"], "failed to deliver job to worker")
    assert (failed["errorKind"], failed["boundary"]) == (kind, "api->worker")
    assert lab.reservation(placed["orderId"]) is None
    assert lab.order(placed["orderId"])["status"] == "PENDING"


def test_b_callback_cut_at_the_socket(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut")
    placed = lab.place_order().json()
    assert placed["status"] == "PENDING"
    assert line(lab, placed["requestId"], "callback failed")["errorKind"] == "connect_refused"
    assert lab.reservation(placed["orderId"]) is not None


def test_b_callback_cut_by_the_switch(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut", level="switch")
    placed = lab.place_order().json()
    assert placed["status"] == "PENDING"
    message = "simulated partition: worker cannot reach api (callback skipped)"
    assert line(lab, placed["requestId"], message)["errorKind"] == "simulated_partition"
    assert lab.reservation(placed["orderId"]) is not None


def test_c_slow_worker_is_confirmed_late_in_the_same_trace(lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=2_000)
    placed = lab.place_order().json()
    assert placed["status"] == "PENDING"
    failed = line(lab, placed["requestId"], "failed to deliver job to worker")
    assert (failed["errorKind"], failed["timeoutMs"]) == ("read_timeout", 800)
    assert 800 <= failed["elapsedMs"] < 1_500
    eventually(lambda: lab.order(placed["orderId"])["status"] == "CONFIRMED", seconds=10)

    def whole_trace() -> dict[str, Any] | None:
        found = lab.trace_of(placed["orderId"])
        names = {span["name"] for span in found.get("spans", ())}
        return found if "order.confirm" in names else None

    trace = eventually(whole_trace)
    assert {span["service"] for span in trace["spans"]} == {"api", "worker"}


def test_response_lost_is_reserved_and_yet_a_read_timeout(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "response_lost")
    placed = lab.place_order().json()
    failed = line(lab, placed["requestId"], "failed to deliver job to worker")
    assert failed["errorKind"] == "read_timeout"
    assert lab.reservation(placed["orderId"]) is not None


def test_crash_and_pause_look_as_they_should(lab: LabProcesses) -> None:
    lab.set_fault("worker", "pause")
    paused = lab.place_order().json()
    assert line(lab, paused["requestId"], "failed to deliver job to worker")["errorKind"] == (
        "read_timeout"
    )
    lab.heal_all()
    lab.set_fault("worker", "crash")
    crashed = lab.place_order().json()
    assert line(lab, crashed["requestId"], "failed to deliver job to worker")["errorKind"] in (
        "reset",
        "connect_refused",
    )
    lab.heal_all()
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_a_fault_ends_at_its_time(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "cut", ttlSeconds=0.5)
    assert lab.place_order().json()["status"] == "PENDING"
    eventually(lambda: lab.get("/api/faults")["faults"] == [])
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_an_unknown_fault_is_refused_and_changes_nothing(lab: LabProcesses) -> None:
    refused = lab.session.post(
        f"{lab.observer_url}/api/faults", json={"target": "moon", "kind": "cut"}, timeout=10
    )
    assert (refused.status_code, refused.json()["field"]) == (400, "target")
    assert lab.get("/api/faults")["faults"] == []
