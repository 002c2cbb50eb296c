"""An order crosses two real services, and the observer has all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]

SPANS = {
    ("api", "POST /orders"),
    ("api", "order.place"),
    ("api", "job.deliver"),
    ("api", "POST"),
    ("worker", "POST /jobs/reserve-stock"),
    ("worker", "stock.reserve"),
    ("worker", "callback.send"),
    ("worker", "POST"),
    ("api", "POST /internal/order-events"),
    ("api", "order.confirm"),
}
LOG_LINES = 7


def test_an_order_is_confirmed_and_reserved(lab: LabProcesses) -> None:
    answer = lab.place_order(sku="banana", quantity=2)
    placed = answer.json()
    assert (answer.status_code, placed["status"]) == (201, "CONFIRMED")
    assert answer.headers["Location"] == f"/orders/{placed['orderId']}"
    assert answer.headers["X-Request-Id"] == placed["requestId"]
    assert lab.order(placed["orderId"])["status"] == "CONFIRMED"
    reservation = lab.reservation(placed["orderId"])
    assert reservation is not None
    assert (reservation["sku"], reservation["quantity"]) == ("banana", 2)


def test_one_request_is_one_trace_with_the_callback(lab: LabProcesses) -> None:
    placed = lab.place_order().json()

    def whole_trace() -> dict[str, Any] | None:
        found = lab.trace_of(placed["orderId"])
        return found if len(found.get("spans", ())) >= len(SPANS) else None

    trace = eventually(whole_trace)
    assert {(span["service"], span["name"]) for span in trace["spans"]} == SPANS
    assert {span["requestId"] for span in trace["spans"]} == {placed["requestId"]}

    def all_logs() -> list[dict[str, Any]] | None:
        found = lab.logs_of(placed["requestId"])
        return found if len(found) >= LOG_LINES else None

    logs = eventually(all_logs)
    assert [log["msg"] for log in logs] == [
        "order accepted (pending)",
        "job accepted",
        "stock reserved",
        "event received",
        "order confirmed",
        "callback sent",
        "job delivered to worker",
    ]
    assert {log["traceId"] for log in logs} == {trace["traceId"]}


def test_sold_out_is_rejected(lab: LabProcesses) -> None:
    placed = lab.place_order(sku="sold-out").json()
    assert placed["status"] == "REJECTED"
    reservation = lab.reservation(placed["orderId"])
    assert reservation is not None
    assert reservation["status"] == "REJECTED"


def test_bad_input_changes_nothing(lab: LabProcesses) -> None:
    newest = lab.session.get(f"{lab.api_url}/orders?limit=1", timeout=10).json()
    refused = lab.place_order(sku="no-such-thing")
    assert (refused.status_code, refused.json()["field"]) == (400, "sku")
    assert lab.session.get(f"{lab.api_url}/orders?limit=1", timeout=10).json() == newest
