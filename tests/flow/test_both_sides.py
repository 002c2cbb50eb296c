"""The list of orders never takes one side's word for the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]


def listed(lab: LabProcesses, order_id: str) -> dict[str, Any] | None:
    orders = lab.get("/api/orders", limit=20)["orders"]
    return next((order for order in orders if order["orderId"] == order_id), None)


def test_both_sides_and_the_trace_stand_side_by_side(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut")
    placed = lab.place_order().json()

    def whole() -> dict[str, Any] | None:
        order = listed(lab, placed["orderId"])
        return order if order and order["errorKinds"] else None

    order = eventually(whole)
    assert (order["status"], order["reservation"]["status"]) == ("PENDING", "RESERVED")
    assert order["errorKinds"] == ["connect_refused"]
    assert len(order["traceId"]) == 32


def test_a_side_that_is_down_is_said_to_be_so(lab: LabProcesses) -> None:
    placed = lab.place_order().json()
    lab.set_fault("worker", "crash")
    both = lab.get("/api/orders")
    assert (both["apiAnswers"], both["workerAnswers"]) == (True, False)
    assert both["orders"][0]["reservation"] == "unknown"
    lab.heal_all()
    lab.set_fault("api", "crash")
    assert lab.get("/api/orders")["apiAnswers"] is False
    lab.heal_all()
    order = listed(lab, placed["orderId"])
    assert order is not None
    assert order["reservation"]["status"] == "RESERVED"


def test_a_wrong_page_is_refused(lab: LabProcesses) -> None:
    for query in ("limit=0", "limit=x", "cursor=nope"):
        answer = lab.session.get(f"{lab.observer_url}/api/orders?{query}", timeout=10)
        assert answer.status_code == 400
